"""project.yaml and mapping.yaml as models: read, checked, and a mistake answered with its line and column."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from salesplaybook.errors import SettingsError
from salesplaybook.limits import ACTIONS, RULES, Rule, Scorecard, Suggestion, Warnings

Status = Literal["open", "won", "lost", "void", "on_hold"]
# A header or a stage may be written as a number in YAML; in an export it is text.
Text = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | float) else v)]

# ISO 4217.
CURRENCIES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
    "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD "
    "TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG "
)
Day = Annotated[str, BeforeValidator(str)]
Positive = Annotated[Decimal, Field(gt=0)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(name)
    return name


def _known_currency(code: str) -> str:
    if code not in CURRENCIES.split():
        raise ValueError(code)
    return code


class Settings(BaseModel):
    """project.yaml. Each description is what an error message says was expected."""

    model_config = ConfigDict(extra="allow")
    name: Text = Field(description="the project's name", min_length=1)
    manager: Text = Field("", description="the manager's name")
    language: Literal["zh_CN", "en"] = Field("zh_CN", description="zh_CN or en")
    currency: Annotated[str, AfterValidator(_known_currency)] = Field(
        "CNY", description="a currency by its ISO code, such as CNY (not RMB) or USD"
    )
    tax: Literal["excluded", "included", "unstated"] = Field("unstated", description="excluded, included or unstated")
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Shanghai", description="a time zone such as Asia/Shanghai"
    )
    country: str = Field("CN", description="a country of two capital letters, such as CN", pattern="^[A-Z]{2}$")
    fiscal_year_start: int = Field(1, description="a month from 1 to 12", ge=1, le=12)
    rates: dict[Annotated[str, AfterValidator(_known_currency)], Positive] = Field(
        {}, description="currencies by their ISO codes, each with what one of it is worth in the project's, as USD: 7.1"
    )

    days_off: list[date] = Field([], description="days on which nobody works, beside the country's, as 2027-02-12")
    days_on: list[date] = Field([], description="weekend days that are worked, as 2027-02-14")
    warnings: Warnings = Field(Warnings(), description="thresholds of warnings, as {quiet_days: 21}")
    posts: int | None = Field(None, description="at least 1: how many people the team is to have, as 9", ge=1)
    scorecard: Scorecard = Field(Scorecard(), description="weights of the scorecard, as {attainment: 50, promises: 20}")
    lessons_from: list[Text] = Field([], description="a list of other projects' folders, as [../other-project]")
    actions: dict[Rule, Suggestion] = Field(
        {}, description="warnings, each with what to do and in how many days, as no_step: {do: ..., days: 1}"
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class _Written(BaseModel):
    """Part of a file that a person writes: unknown keys are kept."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def nothing_written(cls, data: Any) -> Any:
        """A key with nothing after it (or only comments below it) is as if it weren't there."""
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class TableMapping(_Written):
    """How the exports of one table are read; see mapping.yaml in the template for each key."""

    columns: dict[str, Text | list[Text]] = Field({}, description="our column names, each with the export's header")
    file: Text | None = Field(None, description="a file name in data/, such as deals.xlsx")
    sheet: Text | None = Field(None, description="a sheet's name")
    unit: Positive | dict[str, Positive] | None = Field(
        None, description="a number such as 1 or 10000, or one for each column, as {amount: 10000}"
    )
    dates: Literal["ymd", "mdy", "dmy"] | None = Field(None, description="ymd, mdy or dmy")
    stages: dict[Text, Status] = Field({}, description="stages, each open, won, lost, void or on_hold")
    statuses: dict[Text, Status] = Field({}, description="status values, each open, won, lost, void or on_hold")
    values: dict[str, dict[Text, Text]] = Field({}, description="column names, each with old: new values")
    list_price: bool = Field(False, description="true or false")


class Mapping(_Written):
    """mapping.yaml, a key for each table of `tables.schema`.

    dates       confirms or corrects the day that an export tells of: filed day or file name -> day
    complete    exports (filed day or file name) that hold all deals, although they lack won, lost or many open ones
    """

    deals: TableMapping = Field(TableMapping(), description="columns, stages, ...")
    accounts: TableMapping = Field(TableMapping(), description="columns, ...")
    products: TableMapping = Field(TableMapping(), description="columns, ...")
    people: TableMapping = Field(TableMapping(), description="columns, ...")
    activities: TableMapping = Field(TableMapping(), description="columns, ...")
    contracts: TableMapping = Field(TableMapping(), description="columns, ...")
    receivables: TableMapping = Field(TableMapping(), description="columns, ...")
    payments: TableMapping = Field(TableMapping(), description="columns, ...")
    dates: dict[Day, date] = Field({}, description="filed days or file names, each with the true day")
    complete: list[Day] = Field([], description="a list of filed days or file names")


Model = TypeVar("Model", Settings, Mapping)


def read(text: str, model: type[Model], file: str) -> Model:
    """`text` (YAML 1.2) as a `model`. SettingsError names file, line, column, what was found and expected."""
    _point_out_signs(text, file)
    try:
        data = YAML(typ="rt").load(io.StringIO(text)) or {}
    except DuplicateKeyError as error:
        mark = error.problem_mark
        twice = re.search(r'key "(.*?)"', error.problem or "")
        raise SettingsError(
            "{file}, line {line}, column {column}: the key '{key}' stands here a second time. Keep one of the two.",
            file=file,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            key=twice[1] if twice else "",
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SettingsError(
            "{file}, line {line}, column {column}: this can't be read as YAML. Write 'key: value' with a plain colon "
            "and a space, keys of one list indented alike, each key once, and texts with signs in 'quotes'.",
            file=file,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from None
    except (YAMLError, ValueError):
        raise SettingsError(
            "{file} can't be read as YAML: it holds a sign or a value that YAML doesn't know. "
            "Write lines such as 'key: value'.",
            file=file,
        ) from None
    if not isinstance(data, dict):
        raise SettingsError("{file}, line 1: expected lines such as 'key: value'.", file=file)
    _point_out_mistyped(data, model.model_fields, file, ())
    if model is Mapping:
        for table, field in Mapping.model_fields.items():
            if field.annotation is TableMapping and isinstance(data.get(table), dict):
                _point_out_mistyped(data[table], TableMapping.model_fields, file, (table,))
    else:
        _point_out_unused(data, file)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _sentence(error, data, model, file) from None


def _point_out_signs(text: str, file: str) -> None:
    """SettingsError where a full-width colon or a tab stands: YAML takes them for text, or says nothing helpful."""
    for number, line in enumerate(text.splitlines(), 1):
        if wide := re.match(r"\s*[\w ]+：", line) or re.match(r"[^#'\"]*\{[^#'\"}]*?[\w ]+：", line):
            raise SettingsError(
                "{file}, line {line}, column {column}: a full-width colon (：) stands after the key. "
                "Write a plain one and a space: 'key: value'.",
                file=file,
                line=number,
                column=wide.end(),
            )
        if tab := re.match(r" *\t", line):
            raise SettingsError(
                "{file}, line {line}, column {column}: the line is indented by a tab. Indent by spaces.",
                file=file,
                line=number,
                column=tab.end(),
            )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most like, if it is like one."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def _point_out_mistyped(data: Any, known: Iterable[str], file: str, above: tuple[str, ...]) -> None:
    for key in data:
        right = None if key in known else nearest(str(key), known)
        if right:
            raise SettingsError(
                "{file}, line {line}: there is no '{key}'. Did you mean '{right}'?",
                file=file,
                line=data.lc.key(key)[0] + 1,
                key=".".join((*above, str(key))),
                right=right,
            )


def _point_out_unused(data: dict[str, Any], file: str) -> None:
    """SettingsError where project.yaml says something of warnings, scorecard or actions that nothing would use."""
    inner: list[tuple[Any, type[BaseModel], tuple[str, ...]]] = [
        (data.get("warnings"), Warnings, ("warnings",)),
        (data.get("scorecard"), Scorecard, ("scorecard",)),
    ]
    actions = data.get("actions")
    if isinstance(actions, dict):
        _point_out_mistyped(actions, RULES, file, ("actions",))
        inner += [(said, Suggestion, ("actions", str(rule))) for rule, said in actions.items()]
        for rule in filter(actions.__contains__, RULES):
            if rule not in ACTIONS:
                raise SettingsError(
                    "{file}, line {line}: no action is ever suggested for '{rule}'. Take 'actions.{rule}' out.",
                    file=file,
                    line=actions.lc.key(rule)[0] + 1,  # type: ignore[attr-defined]
                    rule=rule,
                )
    for said, model, above in inner:
        if isinstance(said, dict):
            _point_out_mistyped(said, model.model_fields, file, above)


def _sentence(error: ValidationError, data: Any, model: type[BaseModel], file: str) -> SettingsError:
    """The first of pydantic's errors in our words: at which line, what was found, what was expected."""
    first = error.errors(include_url=False, include_input=True)[0]
    fields, expected, line, here = model.model_fields, "", None, data
    path: list[Any] = []
    for part in first["loc"]:
        if not (part in fields or (isinstance(here, dict | list) and part in list(here) + list(range(len(here))))):
            continue  # pydantic names its own validators there
        path.append(part)
        if part in fields:
            expected = fields[str(part)].description or ""
            inner = fields[str(part)].annotation
            fields = inner.model_fields if isinstance(inner, type) and issubclass(inner, BaseModel) else {}
        if isinstance(here, dict) and part in here:
            line, here = here.lc.key(part)[0] + 1, here[part]  # type: ignore[attr-defined]
    key = ".".join(str(p) for p in path)
    if first["type"] == "missing":
        return SettingsError(
            "{file}: '{key}' is missing. Add a line '{key}: ...': {expected:text}.",
            file=file,
            key=key,
            expected=expected,
        )
    return SettingsError(
        "{file}, line {line}: '{key}' is {found}; expected {expected:text}.",
        file=file,
        line=line or 1,
        key=key,
        found=str(first["input"]),
        expected=expected,
    )
