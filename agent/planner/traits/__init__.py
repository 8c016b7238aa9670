"""Which traits are wanted, and how are they joined?"""
