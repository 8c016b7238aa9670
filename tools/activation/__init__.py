"""Whom does an advertising platform or a CRM get, in which file, and what must be known before?"""
