"""Why a row scores as it does, and what the profile asks for, in words."""
