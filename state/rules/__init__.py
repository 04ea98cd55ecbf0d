"""The rules, and the table of them all."""

from state.domain.publisher import PUBLISHER_FILE
from state.rules.context import RuleContext, Violation
from state.rules.registry import all_rules, check, rules_for
from state.rules.rule import Rule

__all__ = ["PUBLISHER_FILE", "Rule", "RuleContext", "Violation", "all_rules", "check", "rules_for"]
