"""When the data or the model changes: who is in which audience, which tier, and whom to call first?"""
