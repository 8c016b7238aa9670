"""What do people say of the answers?"""
