"""How like the customers is somebody?"""
