"""What do the outcomes of deals and customers teach?"""
