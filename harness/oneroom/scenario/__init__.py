"""Scenarios: the YAML model, its parser with positions, the step verbs, the linter, the schema.

Lives here: what a scenario file may say, and every word that refuses it. pydantic and PyYAML are
imported in this package alone. May not live here: anything that runs a scenario (that is `sim` and
`live`, through the Stage Protocols), and the names of policies, checks and safeguards, which the
composition root hands in as a Vocabulary.
"""

from __future__ import annotations

from oneroom.scenario.diagnostic import Problem, ScenarioError
from oneroom.scenario.duration import Range, format_duration, parse_duration, parse_range
from oneroom.scenario.expect import Expect, ExpectedCheck, Limit
from oneroom.scenario.lint import unsupported_windows
from oneroom.scenario.model import Bus, Network, Scenario, Step, Tokens, Window
from oneroom.scenario.names import Vocabulary
from oneroom.scenario.parse import Discovered, discover, load, load_discovered, parse
from oneroom.scenario.schema import render_schema, schema
from oneroom.scenario.stage import SimulatorStage, Stage
from oneroom.scenario.timing import Timing, timing_problems
from oneroom.scenario.verb import LiveVerb, Verb, WindowVerb, verb_name
from oneroom.scenario.verbs import VERBS

__all__ = [
    "VERBS",
    "Bus",
    "ExpectedCheck",
    "Discovered",
    "Expect",
    "Limit",
    "LiveVerb",
    "Network",
    "Problem",
    "Range",
    "Scenario",
    "ScenarioError",
    "SimulatorStage",
    "Stage",
    "Step",
    "Timing",
    "Tokens",
    "Verb",
    "Vocabulary",
    "Window",
    "WindowVerb",
    "discover",
    "format_duration",
    "load",
    "load_discovered",
    "parse",
    "parse_duration",
    "parse_range",
    "render_schema",
    "schema",
    "timing_problems",
    "unsupported_windows",
    "verb_name",
]
