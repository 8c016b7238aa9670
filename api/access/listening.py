"""Where does the house listen, and who is its owner there?"""

from api.access.own_site import is_loopback
from api.settings import Settings
from store.errors import BadInput

ANY = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on


def served_on(settings: Settings, host: str, port: int) -> Settings:
    """The settings of a house that listens there. Away from this machine nobody is its owner.

    Raises BadInput where it is not said under which name the house is asked for.
    """
    unsaid = settings.base_url == Settings.model_fields["base_url"].default
    if not is_loopback(host):
        settings.auth = "required"
        if host in ANY and unsaid and not settings.allowed_hosts:
            raise BadInput(
                "Under which name is the house asked for?",
                where="FIELDMARK_ALLOWED_HOSTS or FIELDMARK_BASE_URL",
                instead="Name its hosts, as `fieldmark.example`, or its URL: other names are refused.",
            )
    if unsaid:
        named = settings.allowed_hosts.split(",")[0].strip() if host in ANY else host
        settings.base_url = f"http://{f'[{named}]' if ':' in named else named}:{port}"
    return settings
