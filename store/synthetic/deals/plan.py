"""What is planted in generated deals, and out of what are accounts made?"""

QUARTERS, QUARTER_DAYS = 8, 91  # of deals; attributes are told at the beginning of each and on the last day
YEAR_QUARTERS = 4

INDUSTRIES: dict[str, float] = {  # with the share of accounts
    "Software": 0.16,
    "Financial services": 0.14,
    "Manufacturing": 0.16,
    "Retail": 0.14,
    "Healthcare": 0.12,
    "Public sector": 0.10,
    "Logistics": 0.10,
    "Media": 0.08,
}
SUB_INDUSTRIES = ("Core", "Services", "Wholesale")
COUNTRIES: dict[str, float] = {"United States": 0.5, "United Kingdom": 0.15, "Germany": 0.15, "France": 0.1,
                               "Canada": 0.1}  # fmt: skip
TECHNOLOGIES: dict[str, float] = {  # with the share of accounts that use it sooner or later
    "Salesforce": 0.35,
    "HubSpot": 0.3,
    "Snowflake": 0.25,
    "Kubernetes": 0.3,
    "SAP": 0.2,
    "Google Analytics": 0.6,
    "Marketo": 0.12,
    "Zendesk": 0.2,
    "Stripe": 0.18,
    "Workday": 0.1,
    "Slack": 0.4,
    "Segment": 0.1,
}
COMPETITORS = ("Competitor A", "Competitor B", "Competitor C")
COMPETITOR_SHARE = 0.3
TOPICS = ("CRM", "Data warehouse", "Lead scoring", "Marketing automation", "Customer analytics", "Pricing",
          "Sales forecasting", "Data quality")  # fmt: skip
KEYWORDS = ("lead scoring software", "customer profile", "crm pricing", "churn prediction", "sales forecast")
FUNDING_STAGES = ("Seed", "Series A", "Series B", "Series C", "Private equity")

BASE_WIN_RATE = 0.18
# Log odds of a win that each of these adds.
EMPLOYEES_LOW, EMPLOYEES_HIGH, SIZE_EFFECT = 50, 500, 1.1
GOOD_INDUSTRIES, INDUSTRY_EFFECT = ("Software", "Financial services"), 0.8
GOOD_TECHNOLOGY, TECHNOLOGY_EFFECT = "Snowflake", 0.7
GOOD_GROWTH, GROWTH_EFFECT = 0.2, 0.6
GOOD_DEPARTMENT, DEPARTMENT_EFFECT = "Finance", 0.5
DRIFT = 0.05  # a quarter

# Large public bodies: they rarely buy, take long, and stop answering.
BAD_INDUSTRY, BAD_EMPLOYEES, BAD_WIN_RATE = "Public sector", 500, 0.04
BAD_CYCLE_FACTOR, BAD_DARK_SHARE, DARK_SHARE = 2.2, 0.6, 0.15
# In the last months a new kind of buyer comes, buys often and soon.
NEW_INDUSTRY, NEW_TECHNOLOGY, NEW_DAYS = "Logistics", "Kubernetes", 120
NEW_VOLUME_FACTOR, NEW_WIN_RATE, NEW_CYCLE_FACTOR = 5.0, 0.5, 0.45

REASONS: dict[str, float] = {
    "Price": 0.25,
    "No decision": 0.25,
    "Chose a competitor": 0.2,
    "Missing feature": 0.15,
    "Timing": 0.15,
}
SMALL_EMPLOYEES, SMALL_REASON, SMALL_REASON_SHARE = 20, "Price", 0.65
RIVAL_REASON, RIVAL_REASON_SHARE = "Chose a competitor", 0.5  # where a competitor's tool is in use
WON_REASONS = ("Fit", "Price", "Support")
PRODUCTS = ("Platform", "Analytics add-on", "Support plan")
SOURCES = ("Inbound", "Outbound", "Partner", "Event")
CYCLE_DAYS, CYCLE_SPREAD, LEAST_CYCLE_DAYS = 55.0, 0.5, 5.0
DARK_DAYS = 35  # without an answer before the close, at least

# Hazards a year from the day of the win, and by how much the drivers multiply them.
CHURN_RATE, CHURN_EMPLOYEES, CHURN_FACTOR = 0.10, 50, 3.0
EXPANSION_RATE, EXPANSION_GROWTH, EXPANSION_FACTOR = 0.12, 0.2, 3.0
CHURN_REASONS = ("Low usage", "Budget", "Switched")
TRIGGERS = ("Added seats", "New team", "New region")

# (title, department, share of contacts, share who decide)
TITLES: tuple[tuple[str, str, float, float], ...] = (
    ("Chief Executive Officer", "", 0.06, 0.9),
    ("Chief Financial Officer", "Finance", 0.05, 0.9),
    ("VP of Finance", "Finance", 0.06, 0.6),
    ("Finance Manager", "Finance", 0.08, 0.1),
    ("VP Marketing", "Marketing", 0.07, 0.5),
    ("Marketing Manager", "Marketing", 0.12, 0.1),
    ("Head of Sales", "Sales", 0.09, 0.4),
    ("Account Executive", "Sales", 0.08, 0.0),
    ("Director of Engineering", "Engineering", 0.09, 0.4),
    ("Software Engineer", "Engineering", 0.12, 0.0),
    ("IT Manager", "IT", 0.10, 0.2),
    ("Procurement Specialist", "Procurement", 0.05, 0.1),
    ("HR Director", "HR", 0.03, 0.1),
)
