"""The platforms, by name."""

from tools.activation.platforms.advertising import GOOGLE, LINKEDIN, META, TIKTOK
from tools.activation.platforms.imports import HUBSPOT, PLAIN, SALESFORCE
from tools.activation.platforms.platform import Column, Kind, Platform, PlatformName

__all__ = ["PLATFORMS", "Column", "Kind", "Platform", "PlatformName"]

PLATFORMS: dict[PlatformName, Platform] = {
    platform.name: platform for platform in (GOOGLE, META, LINKEDIN, TIKTOK, HUBSPOT, SALESFORCE, PLAIN)
}
