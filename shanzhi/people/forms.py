"""Shape of input. Whether it is allowed is asked in rules."""

from datetime import timedelta

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day

from . import kinds, limits, queries
from .models import Card


class Phone(forms.Form):
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )


class Code(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("The six digits"),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


class SignInCode(Code):
    fresh = forms.BooleanField(
        label=_("This number was given to me recently"),
        help_text=_("You then start with an empty account; what its former holder sent is hidden."),
        required=False,
    )


class Holder(forms.Form):
    name = forms.CharField(
        label=_("The name in the account, as you wrote it"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True}),
    )


class Name(forms.Form):
    name = forms.CharField(
        label=_("Full name"), max_length=30, widget=forms.TextInput({"autocomplete": "name"})
    )


class Preferences(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    large = forms.BooleanField(label=_("Large type and simple pages"), required=False)


class OpenStaff(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("Small letters, digits, dots or dashes, for instance zhang.wei"),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off"}),
    )
    name = forms.CharField(label=_("Full name"), max_length=30)


class Grant(forms.Form):
    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Post"))
    place = forms.ChoiceField(label=_("Division"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    valid_from = day(_("First day"))
    last_day = day(_("Last day"), required=False, help_text=_("Empty: until it is ended"))
    reason = forms.CharField(
        label=_("Grounds"), help_text=_("For instance the appointment"), max_length=200
    )

    def __init__(self, *args, actor, role, **kwargs):
        super().__init__(*args, **kwargs)
        kind = kinds.ROLES[role]
        self.fields["role"].choices = [(role, kind.title)]
        self.fields["place"].choices = queries.grantable_places(actor, role)
        if kind.departments:
            choices = [("", "—"), *queries.departments().items()]
            self.fields["department"].choices = choices
        else:
            del self.fields["department"]

    def clean(self):
        """The column holds the first day on which the post is no longer held."""
        values = super().clean()
        last_day = values.pop("last_day", None)
        values["valid_to"] = last_day + timedelta(days=1) if last_day else None
        return values


class Reason(forms.Form):
    reason = forms.CharField(label=_("Grounds"), max_length=200)


class ContactCard(forms.Form):
    place = forms.ChoiceField(label=_("Community or grid"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Card.Kind.choices)
    name = forms.CharField(label=_("Public name"), max_length=30)
    phone = forms.CharField(label=_("Duty phone"), max_length=20)
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False)
    hours = forms.CharField(label=_("Service hours"), max_length=60, required=False)
    photo = forms.UUIDField(required=False, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label=_("The person agrees that the photo is shown"), required=False
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places
        if not self["photo"].value():
            del self.fields["consent"]


class NewKey(forms.Form):
    name = forms.CharField(label=_("Program"), max_length=60)
    place = forms.CharField(
        label=_("Division code"), help_text=_("Inside the place of your post"), max_length=20
    )
    items = forms.CharField(
        label=_("Service items"),
        help_text=_("Their codes, separated by spaces; empty means all"),
        max_length=2000,
        required=False,
    )
    may_write = forms.BooleanField(label=_("May write"), required=False)
    valid_to = day(_("Valid until"))

    def clean_items(self):
        return self.cleaned_data["items"].split()


class _Counted:
    """Wrong codes lock, and a code works once, over all processes; allauth counts in each alone."""

    def clean_code(self):
        subject = f"second factor {self.user.pk}"
        if not limits.count_try(subject):
            limits.ask_to_wait(context.request, limits.LOCKED_SECONDS)
            raise account_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        if not limits.first_use("second factor used", f"{self.user.pk} {code}", 90):
            raise mfa_adapter().validation_error("incorrect_code")
        limits.forget_tries(subject)
        return code


class _First:
    """With the first factor every other session ends: one of a stolen first password would
    otherwise open the desk as soon as the account has its factor.
    """

    def clean(self):
        values = super().clean()
        if not self.errors and not is_mfa_enabled(self.user):
            end_other_sessions(context.request, self.user)
        return values


class _Named:
    """The label above says what it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["placeholder"] = ""


class NewApp(_Named, _First, ActivateTOTPForm):
    pass


class NewPasskey(_First, AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].help_text = _(
            "The key then asks for your fingerprint, face or PIN each time."
        )


class SecondFactor(_Named, _Counted, AuthenticateForm):
    pass


class SecondFactorAgain(_Named, _Counted, ReauthenticateForm):
    pass
