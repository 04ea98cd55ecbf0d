"""Whatever a definition holds, the rules about what is sold say something and never fail."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from state.domain.offer import (
    Contact,
    Link,
    Logos,
    Marketing,
    Offer,
    Sku,
    SolutionTemplateOffer,
    Staging,
    Subscription,
    Support,
    Topology,
    VirtualMachineOffer,
)
from state.domain.offer_types import SOLUTION_TEMPLATE, VIRTUAL_MACHINE, OfferType
from state.domain.safe_text import clean
from state.rules.context import RuleContext
from state.rules.registry import rules_for
from state.storage.assets import DirectoryAssets
from tests.rules.rule_case import LONGEST_MESSAGE
from tests.support import EXAMPLES, NOW, made

ODD = ["", " ", "\0", "\x1b[31m", "\u202e", "../x", "/", ".", "logos", "x" * 3000, "<p", "é" * 300]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
PATHS = TEXTS
MARKETING = st.builds(
    partial(made, Marketing),
    *[TEXTS] * 5,
    PATHS,
    TEXTS,
    st.lists(st.builds(partial(made, Link), TEXTS, TEXTS), max_size=2).map(tuple),
    st.lists(PATHS, max_size=2).map(tuple),
    st.builds(partial(made, Logos), *[PATHS] * 5),
)
CONTACTS = st.builds(partial(made, Contact), TEXTS, TEXTS, TEXTS)
COMMON = {
    "categories": st.lists(TEXTS, max_size=7).map(tuple),
    "marketing": MARKETING,
    "support": st.builds(partial(made, Support), TEXTS, CONTACTS, CONTACTS),
    "staging": st.builds(
        partial(made, Staging),
        st.lists(st.builds(partial(made, Subscription), TEXTS, TEXTS), max_size=2).map(tuple),
    ),
}
SKUS = st.builds(partial(made, Sku), *[TEXTS] * 5, markets=st.lists(TEXTS, max_size=2).map(tuple))
TOPOLOGIES = st.builds(partial(made, Topology), TEXTS, TEXTS, PATHS, TEXTS, TEXTS, TEXTS)


def check(kind: OfferType, offer: Offer) -> None:
    case = RuleContext("x", offer, DirectoryAssets(EXAMPLES), NOW)
    for rule in rules_for(kind):
        for found in rule.check(case) if rule.check else ():
            assert len(found.message) <= LONGEST_MESSAGE, (rule.id, found.message)
            assert found.message == clean(found.message)


@given(
    st.builds(
        partial(VirtualMachineOffer, type="virtual-machine"),
        **COMMON,
        skus=st.lists(SKUS, max_size=2).map(tuple),
    )
)
def test_any_virtual_machine(offer: VirtualMachineOffer) -> None:
    check(VIRTUAL_MACHINE, offer)


@given(
    st.builds(
        partial(SolutionTemplateOffer, type="solution-template"),
        **COMMON,
        topologies=st.lists(TOPOLOGIES, max_size=2).map(tuple),
    )
)
def test_any_solution_template(offer: SolutionTemplateOffer) -> None:
    check(SOLUTION_TEMPLATE, offer)
