"""OSCAL (NIST's Open Security Controls Assessment Language): what the controls are, and what the gate found of them.

A component definition holds the control catalogue, assessment results hold one verdict. compliance-trestle's models
refuse what is no OSCAL before anything is written; importing them takes half a second, so it is done here, when asked.
Ids are UUIDs of names (version 5), the only time is the day that is given: equal inputs, equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policies.catalogue import Catalogue
from policies.report.oscal import assessment, component
from policies.report.oscal.common import Json
from policies.verdict import Verdict

COMPONENT_DEFINITION = "oscal-component-definition.json"
ASSESSMENT_RESULTS = "oscal-assessment-results.json"
FILE_NAMES = (COMPONENT_DEFINITION, ASSESSMENT_RESULTS)


def render(verdict: Verdict, catalogue: Catalogue, today: date) -> dict[str, str]:
    """The texts of the two documents by file name. `today` is when they are made, and when was assessed."""
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.component import ComponentDefinition

    documents: Mapping[str, tuple[type[AssessmentResults | ComponentDefinition], Json]] = {
        COMPONENT_DEFINITION: (ComponentDefinition, component.definition(catalogue, today)),
        ASSESSMENT_RESULTS: (AssessmentResults, assessment.results(verdict, catalogue, today)),
    }
    return {
        name: model.model_validate(document).oscal_serialize_json(pretty=True) + "\n"
        for name, (model, document) in documents.items()
    }
