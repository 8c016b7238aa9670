"""Which conditions can be told of rows, and which of them set some rows apart?"""
