"""Which customers and people have which clusters?"""
