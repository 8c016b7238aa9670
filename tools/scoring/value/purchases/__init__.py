"""What can be foretold from purchases alone?"""
