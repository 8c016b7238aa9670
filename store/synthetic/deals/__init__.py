"""Generated accounts with contacts, deals and customers, whose patterns are known."""

from store.synthetic.deals.generate import DealsReport, generate_deals

__all__ = ["DealsReport", "generate_deals"]
