"""Election policies, one a file, all behind `oneroom.core.policy.Policy`.

Lives here: policies and the registry that finds them by name. A policy sees election events only,
never the Room. May not live here: what an owner does (core), how windows or locks behave (fakes).
"""
