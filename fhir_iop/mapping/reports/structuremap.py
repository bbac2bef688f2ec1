"""A mapping as FHIR: a StructureMap, with a ConceptMap for each table (https://hl7.org/fhir/R4/mapping-language.html).

The way forward alone: FHIR's mapping language has no way back. What it can't say — a keyed hash for an id, a local
time's offset, a sentence — stands in the ``documentation`` of the rule where it is missing, and in the description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.mapping.functions import Present
from fhir_iop.mapping.functions.computed import Identity, PartReference
from fhir_iop.mapping.loading import BASE
from fhir_iop.mapping.reports.conceptmap import concept_map
from fhir_iop.mapping.reports.transforms import Said, transform
from fhir_iop.mapping.rules import Leaf, Member, Members, Part, drivers, is_written, member_tests

if TYPE_CHECKING:
    from fhir_iop.mapping.plan import Plan, ResourcePlan
    from fhir_iop.mapping.rules import Scope, Source, Test
    from fhir_iop.mapping.targets import Target

Rule = dict[str, Any]
_IDENTIFIER = re.compile(r"[^A-Za-z0-9]+")
_NAME_LENGTH = 58
BUNDLE = "http://hl7.org/fhir/StructureDefinition/Bundle"


@dataclass(frozen=True)
class Export:
    """What a mapping is in FHIR, and what of it FHIR's mapping language has no words for, a line each."""

    structure_map: dict[str, Any]
    concept_maps: list[dict[str, Any]]
    unsaid: list[str]


def export(plan: Plan) -> Export:
    """Return ``plan`` as FHIR."""
    base = plan.context.names.bases.get(BASE, plan.context.sid)
    writer = _Writer(plan, base)
    groups = [writer.first(), *map(writer.group, plan.resources)]
    named = "".join(word.capitalize() for word in plan.kind.split("-"))
    targets: dict[str, str] = {}
    for resource in plan.resources:
        url = resource.part.target.structure.url
        targets.setdefault(url, resource.role.resource)
    structures = [{"url": f"{base}/StructureDefinition/record-{plan.kind}", "mode": "source", "alias": "Record"}]
    targets[BUNDLE] = "Bundle"
    structures += [{"url": url, "mode": "target", "alias": alias} for url, alias in targets.items()]
    unsaid = list(dict.fromkeys(writer.unsaid))
    words = "The way forward of the mapping of records of the kind " + plan.kind + "."
    if unsaid:
        words += " FHIR's mapping language has no words for: " + "; ".join(unsaid) + "."
    made = {
        "resourceType": "StructureMap",
        "id": f"{plan.kind}-to-fhir",
        "url": f"{base}/StructureMap/{plan.kind}-to-fhir",
        "name": f"{named}ToFhir",
        "title": f"Records of the kind {plan.kind} to FHIR",
        "status": "active",
        "description": words,
        "structure": structures,
        "group": groups,
    }
    tables = [concept_map(name, table, target, plan, base) for name, (table, target) in sorted(writer.tables.items())]
    return Export(made, tables, unsaid)


@dataclass
class _Writer:
    plan: Plan
    base: str
    unsaid: list[str] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)
    _count: int = 0
    _variables: dict[Scope, str] = field(default_factory=dict)

    # --- groups ------------------------------------------------------------------------------------------------------

    def first(self) -> Rule:
        """Return the group that takes a record and makes its resources, as entries of a Bundle."""
        rules = []
        for resource in self.plan.resources:
            role = resource.role
            source = self._source("record", role.source, self._name("v")) if role.source else {"context": "record"}
            entry, made = self._name("e"), self._name("t")
            create = {
                "context": entry,
                "contextType": "variable",
                "element": "resource",
                "variable": made,
                "transform": "create",
                "parameter": [{"valueString": role.resource}],
            }
            given = source.get("variable", "record")
            names = [given, *(["record"] if role.source else []), made]
            inner = {
                "name": self._rule_name("make", role.name or "main"),
                "source": [{"context": given}],
                "target": [create],
                "dependent": [{"name": _group(resource), "variable": names}],
            }
            target = {"context": "bundle", "contextType": "variable", "element": "entry", "variable": entry}
            name = self._rule_name("entry", role.name or "main")
            rule = {"name": name, "source": [source], "target": [target], "rule": [inner]}
            rules.append(self._nested(role.source, rule))
        inputs = [
            {"name": "record", "type": "Record", "mode": "source"},
            {"name": "bundle", "type": "Bundle", "mode": "target"},
        ]
        return {"name": "records", "typeMode": "none", "input": inputs, "rule": rules}

    def group(self, resource: ResourcePlan) -> Rule:
        """Return the group of one resource."""
        own = resource.role.source is not None
        self._variables = {self.plan.context.root: "record"}
        inputs = [{"name": "record", "type": "Record", "mode": "source"}]
        if own:
            self._variables[resource.scope] = "part"
            inputs.insert(0, {"name": "part", "mode": "source"})
        inputs.append({"name": "made", "type": resource.role.resource, "mode": "target"})
        self._miss("id", "an id is a keyed hash of what the program calls the record", None)
        rules = self._part(resource.part, "made", resource)
        return {"name": _group(resource), "typeMode": "none", "input": inputs, "rule": rules}

    # --- the tree ----------------------------------------------------------------------------------------------------

    def _part(self, part: Part, variable: str, resource: ResourcePlan, given: Any = None) -> list[Rule]:
        rules: list[Rule] = []
        for key, entry in part.ordered():
            if isinstance(entry, list):
                rules += [rule for leaf in entry for rule in self._leaf(leaf, variable, key, resource)]
            elif isinstance(entry, Part):
                rules += self._inner(entry, variable, key, resource)
            elif isinstance(entry, Members):
                for member in entry.members:
                    rules += self._member(member, variable, key, resource)
        if isinstance(given, dict):
            rules += self._constants({name: one for name, one in given.items() if name not in part.entries}, variable)
        return rules

    def _inner(self, part: Part, variable: str, key: str, resource: ResourcePlan, given: Any = None) -> list[Rule]:
        """Return the rule of an object: it is made where one of the fields below it is there."""
        if not is_written(part):
            return []
        made = self._name("t")
        rules = self._part(part, made, resource, given)
        source = {"context": self._context(resource)}
        condition = "" if part.always else self._condition(drivers(part), resource)
        if condition:
            source["condition"] = condition
        target = {"context": variable, "contextType": "variable", **_element(part.target, {"variable": made})}
        return [{"name": self._rule_name(key), "source": [source], "target": [target], "rule": rules}] if rules else []

    def _member(self, member: Member, variable: str, key: str, resource: ResourcePlan) -> list[Rule]:
        content = member.content
        if not is_written(content):
            return []
        if member.each is None or member.each.source is None:
            if isinstance(content, Leaf):
                return self._leaf(content, variable, key, resource, member.pattern)
            return self._inner(content, variable, key, resource, member.pattern)
        item = self._name("v")
        source = self._source(self._variable(member.each.source.scope), member.each.source, item)
        tests = [f"({self._test(test, resource)})" for test in member_tests(member)]
        if tests:
            source["condition"] = " and ".join(tests)
        self._variables[member.each] = item
        if isinstance(content, Leaf):
            said = self._said(content, item)
            if not said.target:
                self._miss(content.target.path, said.unsaid, content)
                return []
            target = {"context": variable, "contextType": "variable", **_element(content.target, said.target)}
            rule: Rule = {"name": self._rule_name(key), "source": [source], "target": [target]}
            whole = self._documented(rule | ({"rule": said.rules} if said.rules else {}), content, said)
            return [self._nested(member.each.source, whole)]
        made = self._name("t")
        target = {"context": variable, "contextType": "variable", "element": key, "variable": made}
        inner = self._part(content, made, resource, member.pattern)
        rule = {"name": self._rule_name(key), "source": [source], "target": [target]}
        return [self._nested(member.each.source, rule | ({"rule": inner} if inner else {}))]

    def _leaf(self, leaf: Leaf, variable: str, key: str, resource: ResourcePlan, pattern: Any = None) -> list[Rule]:
        if leaf.arrow == "<-":
            return []
        condition = " and ".join(f"({self._test(test, resource)})" for test in leaf.tests)
        context = self._context(resource)
        if isinstance(leaf.function, Present) and leaf.source is not None:
            made = self._name("t")
            target = {"context": variable, "contextType": "variable", "element": key, "variable": made}
            tests = [f"{self._way(leaf.source, resource)} = true", *([condition] if condition else [])]
            source = {"context": context, "condition": " and ".join(tests)}
            rule: Rule = {"name": self._rule_name(key), "source": [source], "target": [target]}
            return [self._documented(rule | {"rule": self._constants(pattern, made)}, leaf, Said({}))]
        value = self._name("v")
        if leaf.source is not None:
            source = self._source(self._variable(leaf.source.scope), leaf.source, value)
        elif isinstance(leaf.computed, PartReference | Identity):
            source = {"context": "record", "element": "id", "variable": value}
            needed = leaf.computed.source if isinstance(leaf.computed, PartReference) else None
            condition = condition or (f"{self._way(needed, resource)}.exists()" if needed is not None else "")
        else:
            source = {"context": context}
        if condition:
            source["condition"] = condition
        said = self._said(leaf, value, resource)
        if not said.target and not said.rules:
            self._miss(leaf.target.path, said.unsaid, leaf)
            return []
        target = {"context": variable, "contextType": "variable", **_element(leaf.target, said.target)}
        rule = {"name": self._rule_name(key), "source": [source], "target": [target]}
        whole = self._documented(rule | ({"rule": said.rules} if said.rules else {}), leaf, said)
        return [self._nested(leaf.source, whole)]

    # --- pieces ------------------------------------------------------------------------------------------------------

    def _said(self, leaf: Leaf, value: str, resource: ResourcePlan | None = None) -> Said:
        role = resource.role if resource is not None else None
        return transform(leaf, value, self.plan, self.base, self._name, self.tables, role)

    def _constants(self, given: Any, variable: str) -> list[Rule]:
        """Return the rules that write constants, inside and out."""
        rules: list[Rule] = []
        for name, value in (given or {}).items():
            for one in value if isinstance(value, list) else [value]:
                if one is None:
                    continue
                target: Rule = {"context": variable, "contextType": "variable", "element": name}
                rule: Rule = {"name": self._rule_name(name), "source": [{"context": "record"}]}
                if isinstance(one, dict):
                    target["variable"] = self._name("t")
                    rule |= {"target": [target], "rule": self._constants(one, target["variable"])}
                else:
                    target |= {"transform": "copy", "parameter": [_parameter(one)]}
                    rule["target"] = [target]
                rules.append(rule)
        return rules

    def _documented(self, rule: Rule, leaf: Leaf, said: Said) -> Rule:
        words = f"{leaf.place.file}:{leaf.place.line}: {' '.join(leaf.text.split())}"
        if said.unsaid:
            words += f" (not said here: {said.unsaid})"
            self._miss(leaf.target.path, said.unsaid, leaf)
        return rule | {"documentation": words}

    def _miss(self, path: str, what: str, leaf: Leaf | None) -> None:
        where = f" ({leaf.place.file}:{leaf.place.line})" if leaf is not None else ""
        self.unsaid.append(f"{path}: {what}{where}")

    def _nested(self, source: Source | None, rule: Rule) -> Rule:
        """Put rules around ``rule`` for the objects that its field is in: a rule's source goes one step."""
        steps = source.steps[:-1] if source is not None else ()
        inner = rule
        context = self._variable(source.scope) if source is not None else ""
        around = []
        for step in steps:
            made = self._name("v")
            around.append((step, {"context": context, "element": step, "variable": made}))
            context = made
        if around:
            inner = rule | {"source": [{**rule["source"][0], "context": context}]}
        for step, clause in reversed(around):
            inner = {"name": self._rule_name(step), "source": [clause], "rule": [inner]}
        return inner

    def _source(self, context: str, source: Source, variable: str) -> Rule:
        """Return the source of a rule: the last step to a field."""
        found: Rule = {"context": context, "variable": variable}
        if source.steps:
            found["element"] = source.steps[-1]
        default = source.shape.schema.get("default") if source.has_default else None
        if isinstance(default, bool):
            found["defaultValueBoolean"] = default
        elif isinstance(default, str):
            found["defaultValueString"] = default
        return found

    def _context(self, resource: ResourcePlan) -> str:
        return "part" if resource.role.source is not None else "record"

    def _variable(self, scope: Scope) -> str:
        return self._variables.get(scope, "record")

    def _way(self, source: Source, resource: ResourcePlan) -> str:
        """Return the FHIRPath of a field, counted from the variable of its scope."""
        return "%" + ".".join([self._variable(source.scope), *source.steps])

    def _test(self, test: Test, resource: ResourcePlan) -> str:
        way = self._way(test.source, resource)
        if not test.values:
            if test.source.shape.kind == "boolean":
                return f"{way} = true" if not test.negated else f"({way} = true).not()"
            return f"{way}.empty()" if test.negated else f"{way}.exists()"
        listed = " or ".join(f"{way} = {_literal(value)}" for value in test.values)
        return f"({listed}).not()" if test.negated else listed

    def _condition(self, leaves: list[Leaf], resource: ResourcePlan) -> str:
        """Return the FHIRPath of whether one of ``leaves`` writes something; empty where one always does."""
        found = []
        for leaf in leaves:
            if leaf.certain or (leaf.source is None and not isinstance(leaf.computed, PartReference)):
                return ""
            source = leaf.computed.source if isinstance(leaf.computed, PartReference) else leaf.source
            tests = [self._test(test, resource) for test in leaf.tests]
            if source is not None:
                tests.append(f"{self._way(source, resource)}.exists()")
            found.append(" and ".join(tests))
        return " or ".join(dict.fromkeys(found))

    def _name(self, stem: str) -> str:
        self._count += 1
        return f"{stem}{self._count}"

    def _rule_name(self, *words: str) -> str:
        self._count += 1
        return f"{_camel(*words)[:_NAME_LENGTH]}{self._count}"


def _element(target: Target, what: Rule) -> Rule:
    """Return the element that a rule writes, and what it writes there; of a choice, with the type that it makes."""
    if not target.element.path.endswith("[x]"):
        return {"element": target.name, **what}
    choice = {"element": target.element.path.rpartition(".")[2].removesuffix("[x]"), **what}
    if "transform" not in what:
        return choice | {"transform": "create", "parameter": [{"valueString": target.type}]}
    if what["transform"] == "copy" and "valueId" in what["parameter"][0]:
        return choice | {"transform": "cast", "parameter": [*what["parameter"], {"valueString": target.type}]}
    return choice


def _group(resource: ResourcePlan) -> str:
    return _camel(resource.role.name or "main")


def _camel(*words: str) -> str:
    """Return one word of letters and digits, as FHIR's mapping language names things."""
    first, *rest = [part for word in words for part in _IDENTIFIER.split(word) if part]
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _parameter(value: Any) -> dict[str, Any]:
    kinds = {bool: "valueBoolean", int: "valueInteger", str: "valueString"}
    return {kinds.get(type(value), "valueDecimal"): value}


def _literal(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'" if isinstance(value, str) else str(value)
