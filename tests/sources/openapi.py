"""A small judge of requests: does an OpenAPI document allow this target?"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import yaml


class OpenApi:
    def __init__(self, file: Path, base: str = "") -> None:
        self.document: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
        self._base = base

    def problems(self, target: str) -> list[str]:
        """What is wrong with a GET of this target; nothing, if the document allows it."""
        if not target.isascii() or any(character.isspace() for character in target):
            return [f"not an encoded URL: {target!r}"]
        split = urlsplit(target)
        matched = self._operation(self._base + split.path)
        if matched is None:
            return [f"no such path: {split.path}"]
        operation, path_values = matched
        declared = {(given["in"], given["name"]): given for given in operation.get("parameters", [])}
        query = parse_qsl(split.query, keep_blank_values=True, strict_parsing=bool(split.query))
        found = [
            f"{name} is given twice" for name in {name for name, _ in query} if [n for n, _ in query].count(name) > 1
        ]
        given = {("path", name): value for name, value in path_values.items()}
        given |= {("query", name): value for name, value in query}
        for key, value in given.items():
            if key not in declared:
                found.append(f"no such parameter: {key}")
            else:
                found += self._value_problems(declared[key], value)
        missing = [key for key, one in declared.items() if one.get("required") and key not in given]
        return found + [f"missing: {key}" for key in missing]

    def _operation(self, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
        """A path without parameters goes before one with."""
        for template in sorted(self.document["paths"], key=lambda template: template.count("{")):
            names = re.findall(r"{(\w+)}", template)
            pattern = re.sub(r"\\{\w+\\}", "([^/]+)", re.escape(template))
            matched = re.fullmatch(pattern, path)
            if matched and "get" in self.document["paths"][template]:
                return self.document["paths"][template]["get"], dict(
                    zip(names, map(unquote, matched.groups()), strict=True)
                )
        return None

    def _value_problems(self, parameter: dict[str, Any], text: str) -> list[str]:
        schema = self.resolved(parameter["schema"])
        value: Any = text
        if schema.get("type") == "array":
            value = re.split("[,|]", text)
        elif schema.get("type") == "integer":
            value = int(text)
        elif schema.get("type") == "boolean":
            value = {"true": True, "false": False}.get(text, text)
        problems = jsonschema.Draft4Validator(schema).iter_errors(value)
        return [f"{parameter['name']}: {problem.message[:200]}" for problem in problems]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema with the reference it consists of, or whose items consist of, put in."""
        if "$ref" in schema:
            return self.resolved(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "items" in schema:
            return {**schema, "items": self.resolved(schema["items"])}
        return schema

    def has_field(self, schema_name: str, dotted: str) -> bool:
        """Does a dotted path exist below a schema?"""
        schema = self.document["components"]["schemas"][schema_name]
        for part in dotted.split("."):
            schema = self.resolved(schema)
            schema = self.resolved(schema.get("items", schema))
            if part not in schema.get("properties", {}):
                return False
            schema = schema["properties"][part]
        return True
