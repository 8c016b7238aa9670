"""Which version is this? Kept with what is made, so that it can be made again."""

CODE_VERSION = "0.1.0"
