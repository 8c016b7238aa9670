"""A watcher that tests look at."""

from store.watching import Happening


class Heard:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.began_: list[Happening] = []
        self.ended_: list[Happening] = []

    def began(self, happening: Happening) -> None:
        self.began_.append(happening)

    def ended(self, happening: Happening) -> None:
        self.ended_.append(happening)

    def of(self, kind: str) -> list[Happening]:
        return [one for one in self.ended_ if one.kind == kind]
