"""Which words stand for a figure: fractions, multiples, quantifiers, and what loosens them."""

FRACTIONS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "eighth": 8, "eighths": 8, "ninth": 9,
    "tenth": 10, "tenths": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
MULTIPLES = {
    "twice": 2, "double": 2, "doubled": 2, "doubly": 2, "twofold": 2, "thrice": 3, "triple": 3, "tripled": 3,
    "threefold": 3, "quadruple": 4, "fourfold": 4, "fivefold": 5, "tenfold": 10,
}  # fmt: skip
QUANTIFIERS = {
    ("the", "vast", "majority"): (0.75, 1), ("the", "great", "majority"): (0.7, 1),
    ("a", "large", "majority"): (0.7, 1), ("a", "majority"): (0.5, 1), ("the", "majority"): (0.5, 1),
    ("majority",): (0.5, 1), ("a", "minority"): (0, 0.5), ("nearly", "all"): (0.85, 1),
    ("almost", "all"): (0.85, 1), ("virtually", "all"): (0.9, 1), ("nearly", "everyone"): (0.85, 1),
    ("almost", "everyone"): (0.85, 1), ("all", "of", "them"): (0.995, 1), ("they", "all"): (0.995, 1),
    ("all", "own"): (0.995, 1), ("every", "one", "of"): (0.995, 1), ("each", "of", "them"): (0.995, 1),
    ("everyone", "here"): (0.995, 1), ("none",): (0, 0.005), ("nobody",): (0, 0.005),
    ("no", "one"): (0, 0.005), ("hardly", "any"): (0, 0.07), ("hardly", "anyone"): (0, 0.07),
    ("only", "a", "few"): (0, 0.25), ("a", "few"): (0, 0.3), ("few",): (0, 0.25), ("a", "handful"): (0, 0.1),
}  # fmt: skip
AMOUNTS = {"most": (0.5, 1), "many": (0.25, 1), "all": (0.995, 1), "everyone": (0.995, 1)}
COUNTED = frozenset({"customer", "customers", "person", "people", "member", "members"})
NOT_ALL = ("customers", "of", "your", "the", "else", "gets", "in")  # `all your customers`
COMPARATIVES_UP = ("more", "higher", "greater", "larger", "above", "over", "likelier")
COMPARATIVES_DOWN = ("less", "fewer", "lower", "rarer", "below", "under", "smaller", "scarcer")
COMPARATIVES = COMPARATIVES_UP + COMPARATIVES_DOWN
HEDGES = {
    ("close", "to"): "nearly", ("just", "under"): "nearly", ("a", "bit", "less", "than"): "nearly",
    ("a", "little", "less", "than"): "nearly", ("slightly", "less", "than"): "nearly", ("nearly",): "nearly",
    ("almost",): "nearly", ("just", "over"): "over", ("well", "over"): "over", ("more", "than"): "over",
    ("over",): "over", ("above",): "over", ("exceeding",): "over", ("less", "than"): "under",
    ("fewer", "than"): "under", ("under",): "under", ("below",): "under", ("at", "least"): "least",
    ("up", "to"): "most", ("at", "most"): "most", ("about",): "about", ("around",): "about",
    ("roughly",): "about", ("approximately",): "about", ("some",): "about", ("circa",): "about",
}  # fmt: skip
