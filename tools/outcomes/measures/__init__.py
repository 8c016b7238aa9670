"""How well do outcomes go, by tier and by period?"""
