"""The trace of a run: records with causes, their digest, reading, writing, comparing.

Lives here: record kinds, the trace that collects them, the digest, the diff. Checks and reports
read nothing else. May not live here: judgement (checks) and prose for people (report).
"""
