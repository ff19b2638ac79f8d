"""The only randomness of a run: labelled, bounded draws, recorded on a tape.

Lives here: the labels, the sources of draws (seeded, tape), nothing else. `random` is imported by
`seeded` alone. A run is a function of (scenario, seed) or of (scenario, tape).
"""
