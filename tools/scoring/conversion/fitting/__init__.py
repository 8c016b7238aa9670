"""How is one model learned from training rows alone?"""
