"""Companies as rows of a population: their columns read, figures derived, their buying committees."""
