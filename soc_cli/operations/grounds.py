"""What must be on record for each ground before anything leaves (D1 to D4), and what never does (D0)."""

import re
from collections.abc import Mapping
from datetime import date

from soc_cli.model import fields, meant
from soc_cli.model.errors import Refused, WrongData, WrongUse
from soc_cli.model.fields import FieldError, text_key
from soc_cli.model.language import N_, _
from soc_cli.policy.form import Ground, Policy

RECIPIENT = ("recipient", "recipient_address", "recipient_representative")
PROTECTED = ("life", "body", "property")
DAYS = ("document_date",)
DECIDED = "decided_by"
"""Who decided, on the grounds D3 and D4; the operator where nobody else is named."""
FACTS = ("consent_given_on", "consent_how", "consent_purpose", "identity_check")
"""What a record by consent holds of the consent."""

ACT_2001 = "平成13年法律第137号（情報流通プラットフォーム対処法、旧プロバイダ責任制限法）"
"""The law that an order rests on, with both its names: it bears the new one since 2025-04-01."""
_ACT_2001 = ("平成13年法律第137号", "情報流通プラットフォーム対処法", "プロバイダ責任制限法", "プロバイダ責任法",
             "特定電気通信役務提供者の損害賠償責任", "特定電気通信による情報の流通", "137of2001",
             "informationdistributionplatform", "providerliability",
             "平成13年法律137号", "平成十三年法律第百三十七号", "平成13年11月30日法律第137号", "プロ責法", "情プラ法",
             "limitationofliabilityfordamagesofspecified")  # fmt: skip

_NEVER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sale", "sell", "sold", "販売", "売却", "売買"), N_("personal information is never sold (D0)")),
    (("rent", "rental", "lease", "loan", "貸与", "貸出", "賃貸"), N_("personal information is never rented (D0)")),
    (("exchange", "swap", "交換"), N_("giving for something in return is a sale, and never done (D0)")),
    (("entrust", "entrusting", "entrustment", "outsourcing", "委託", "業務委託"),
     N_("the policy does not name entrusting: the club handles its data itself")),
    (("joint-use", "joint use", "sharing", "共同利用"), N_("the policy does not name joint use with others")),
    (("opt-out", "opt out", "オプトアウト"), N_("the policy does not name giving unless a member objects: a member agrees first")),
)  # fmt: skip
"""What is asked for now and then, and never a ground: refused by name, with the reason."""

_NO_KIND: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("bar-association", "bar association", "bar", "弁護士会", "弁護士会照会", "23条照会"),
     N_("a bar association's inquiry is lawful, but not promised in this policy"), N_("ask the member for their consent")),
    (("voluntary", "cooperation", "任意", "任意協力", "協力依頼", "捜査協力"),
     N_("voluntary cooperation, without a law behind it, is not enough for this policy"), N_("ask for a formal inquiry, with its law and article")),
    (("oral", "phone", "telephone", "口頭", "電話", "来訪"),
     N_("oral requests and requests without a number are refused"), N_("ask for a document with a number")),
    (("warrant", "令状", "捜索差押許可状", "差押許可状"),
     N_("a warrant is an inquiry under a law with powers of investigation"), N_("say --kind inquiry, with its law and article")),
)  # fmt: skip
"""Requests that come instead of an order or an inquiry."""

WHY = {
    "recipient": N_("the law asks who received the data"),
    "recipient_address": N_("the law asks for the recipient's address"),
    "recipient_representative": N_("the law asks who represents the recipient"),
    "kind": N_(
        "say --kind order (a court's) or --kind inquiry (under a law with powers of investigation)"
    ),
    "consent": N_("say which consent it rests on"),
    "court": N_("without the court it is no order"),
    "case_number": N_("an order without a case number is not acted on"),
    "document_date": N_("the day on the document"),
    "served_original": N_("the original must have been served, not a copy or a call"),
    "law": N_("voluntary cooperation, without a law behind it, is not enough for this policy"),
    "article": N_("the article that gives the power to ask"),
    "authority": N_("which public body asks"),
    "officer": N_("who of that body asks"),
    "document_number": N_("oral requests and requests without a number are refused"),
    "called_back": N_("inquiries are forged: call back a number that you found yourself"),
    "violation": N_("what of the law, the terms or the guidelines was broken"),
    "protects": N_("name which: life, body or property"),
    "whose": N_("whose right is protected"),
    "why_no_consent": N_("why the member's consent is hard to get"),
    "danger": N_("what the danger is"),
    "urgency": N_("why it can't wait"),
}
"""Why each field of a ground is asked for, where it is missing."""


def plain(text: str | None) -> str | None:
    """The words of one option, or None; raises WrongData for what no field takes."""
    try:
        return fields.plain(text or "", 500)
    except FieldError as error:
        raise fields.wrong(text or "", error) from None


def past_day(text: str, today: date) -> str:
    """A day up to today, ISO 8601; raises WrongData."""
    try:
        found = fields.day(text)
    except FieldError as error:
        raise fields.wrong(text or "", error) from None
    assert found is not None
    if found > today:
        raise WrongData(_("{day} is in the future").format(day=found))
    return found.isoformat()


def named(policy: Policy, said: str) -> str:
    """The ground of this name; raises Refused for what is never one (D0), and else WrongUse."""
    if said in policy.grounds:
        return said
    for words, reason in _NEVER:
        if text_key(said) in map(text_key, words):
            raise Refused(
                _("“{ground}” is no ground for giving data away").format(ground=said), _(reason)
            )
    raise WrongUse(
        _("“{ground}” is none of the grounds").format(ground=said),
        meant.among(said, list(policy.grounds)),
    )


def kind_of(rules: Ground, said: str | None) -> str | None:
    """The kind of a ground that has several; raises Refused where it is none of them."""
    if "" in rules.kinds:
        return None
    if said in rules.kinds:
        return said
    for words, reason, instead in _NO_KIND:
        if text_key(said or "") in map(text_key, words):
            raise Refused(_(reason), _(instead))
    raise _missing(rules, "kind")


def never_enough() -> list[tuple[str, str]]:
    """What is asked for in the place of an order or an inquiry: why it is not enough, and what is."""
    return [(_(reason), _(instead)) for _words, reason, instead in _NO_KIND]


def cited(law: str) -> str:
    """A law as it is cited: that of 2001 by its number and both its names."""
    said = text_key(law)
    return ACT_2001 if any(text_key(name) in said for name in _ACT_2001) else law


def asked(policy: Policy, ground: str, kind: str | None) -> tuple[str, ...]:
    """What must be on record on this ground, in the order in which it is asked for.

    Without its kind where it has several, the kind.
    """
    kinds = policy.grounds[ground].kinds
    return (*kinds.get("" if "" in kinds else kind or "", ("kind",)), *RECIPIENT)


def checked_fields(
    policy: Policy, ground: str, texts: Mapping[str, str | None], today: date
) -> tuple[str | None, dict[str, str]]:
    """The kind of a ground and its fields; raises Refused (exit 5) for the first that is missing."""
    rules = policy.grounds[ground]
    for key in RECIPIENT:
        if plain(texts.get(key)) is None:
            raise _missing(rules, key)
    kind = kind_of(rules, texts.get("kind"))
    wanted = rules.kinds[kind or ""]
    beside = {*RECIPIENT, *wanted, *(("kind",) if kind else ())}
    if ground in ("protection", "danger"):
        beside.add(DECIDED)
    if kind == "order":
        beside.add("law")
    for key in texts.keys() - beside:
        if plain(texts[key]) is not None:
            raise WrongUse(
                _("--{option} does not belong to the ground of {ground}").format(
                    option=key.replace("_", "-"), ground=ground
                ),
                _("see “{command}”").format(command="soc disclosure record --help"),
            )
    _refuse_what_only_looks_like_one(kind, texts)
    found: dict[str, str] = {}
    for key in wanted:
        value = plain(texts.get(key))
        if value is None or _says_nothing(key, value):
            raise _missing(rules, key)
        if key in DAYS:
            value = past_day(value, today)
        if key == "law":
            value = cited(value)
        if key == "protects":
            value = {"生命": "life", "身体": "body", "財産": "property"}.get(value, value)
        if key == "protects" and value not in PROTECTED:
            raise Refused(
                _("“{right}” is none of life, body and property").format(right=value), _(WHY[key])
            )
        if key == "consent" and not re.fullmatch("[0-9]{1,8}", value):
            raise WrongData(_("“{text}” is no number of a consent").format(text=value))
        found[key] = value
    if kind == "order":
        found["law"] = ACT_2001
    decided = plain(texts.get(DECIDED))
    if decided is not None:
        found[DECIDED] = decided
    return kind, found


def _refuse_what_only_looks_like_one(kind: str | None, texts: Mapping[str, str | None]) -> None:
    """Raises Refused for a bar association's inquiry, a warrant as an order, an order of another law."""
    said = " ".join(text_key(texts.get(key) or "") for key in ("law", "authority", "court"))
    if any(word in said for word in ("弁護士", "attorney", "barassociation")):
        _words, reason, instead = _NO_KIND[0]
        raise Refused(_(reason), _(instead))
    if kind == "order":
        document = " ".join(
            text_key(texts.get(key) or "") for key in ("court", "case_number", "law")
        )
        if any(word in document for word in ("令状", "許可状", "warrant")):
            _words, reason, instead = _NO_KIND[3]
            raise Refused(_(reason), _(instead))
        law = plain(texts.get("law"))
        if law is not None and cited(law) == law and law != ACT_2001:
            raise Refused(
                _("an order is one under {law}").format(law=ACT_2001),
                _("what another law asks for is an inquiry: say --kind inquiry"),
            )


_NOTHING = ("none", "n/a", "なし", "無し", "不明")
_NOT_DONE = ("no", "n", "false", "0", "いいえ", "未", "未了", "まだ", "not yet", *_NOTHING)
_NOT_BEGUN = ("no,", "no.", "not", "未", "していない", "していません", "copy", "写し", "コピー")
"""How words begin, or end, that say of something that it was not done, or done with a copy."""
_NOT_FORMAL = {
    "law": ("任意", "voluntary", "協力依頼", "捜査協力"),
    "document_number": ("口頭", "oral", "電話", "phone", "番号なし", "番号無し", "none given", "no number"),
}  # fmt: skip


def _says_nothing(key: str, value: str) -> bool:
    """Whether what stands in a field is only there to fill it, or says that it was not done."""
    said = text_key(value)
    if key in ("served_original", "called_back"):
        plainly = value.strip().lower()
        if said in map(text_key, _NOT_DONE) or plainly.startswith(_NOT_BEGUN):
            return True
        if plainly.endswith(_NOT_BEGUN):
            return True
    return (
        said in _NOTHING
        or not any(c.isalnum() for c in said)
        or any(text_key(word) in said for word in _NOT_FORMAL.get(key, ()))
    )


def says_nothing(value: str) -> bool:
    """Whether words are only there to fill a place."""
    return _says_nothing("", value)


def _missing(ground: Ground, key: str) -> Refused:
    return Refused(
        _("on the ground of {ground}, --{option} must be on record first").format(
            ground=str(ground.label), option=key.replace("_", "-")
        ),
        _(WHY[key]),
    )
