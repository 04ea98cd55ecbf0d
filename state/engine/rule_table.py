"""What the rules are, for somebody who looks one up."""

from state.domain.errors import UnknownRuleError
from state.domain.suggestions import did_you_mean
from state.rules.registry import all_rules
from state.rules.rule import Rule


def rules_named(name: str | None) -> list[Rule]:
    """Every rule, those of a group such as ``sas``, or one by its id; in the order of the steps.

    Raises:
        UnknownRuleError: There is no such rule or group.
    """
    known = all_rules()
    found = [rule for id, rule in known.items() if name in (None, id, id.partition(".")[0])]
    if not found and name is not None:
        groups = (id.partition(".")[0] for id in known)
        raise UnknownRuleError(f'There is no rule "{name}".{did_you_mean(name, [*known, *groups])}')
    return found
