"""What may be known of an account, under which headers, and how is it told?"""

from dataclasses import dataclass
from typing import Literal

from store.population.domains import Domain

Group = Literal["firmographic", "technographic", "behavioural", "intent"]
# number: also "$1.2M", "51-200". names: several values a cell. scores: numbers in a cell, the highest counts.
Form = Literal["id", "name", "website", "text", "number", "year", "date", "flag", "names", "scores"]


@dataclass(frozen=True)
class Meaning:
    """One thing that is known of accounts. `phrase` completes "accounts that ..."."""

    name: str  # its column, whatever the file calls it
    form: Form
    group: Group
    domain: Domain  # the nearest of the eighteen
    label: str
    phrase: str = ""
    unit: str = ""
    headers: str = ""  # letters and digits of the headers, lower case; the likelier first


def _of(group: Group, domain: Domain, *rows: tuple[str, ...]) -> tuple[Meaning, ...]:
    """Rows are name, form, label, phrase, unit, headers."""
    return tuple(
        Meaning(name, form, group, domain, label, phrase, unit, headers)  # type: ignore[arg-type]  # one of the forms
        for name, form, label, phrase, unit, headers in rows
    )


# Who the account is, not what it is like.
_IDENTITY = _of(
    "firmographic",
    "id",
    (
        "account_id",
        "id",
        "Account ID",
        "",
        "",
        "accountid recordid id hsobjectid companyid accountid18 sfid salesforceid salesforceaccountid"
        " hubspotcompanyid zoominfocompanyid apolloaccountid crmid key accountkey",
    ),
    (
        "account_domain",
        "website",
        "Website",
        "",
        "",
        "companydomainname domain website websiteurl url companywebsite companydomain emaildomain"
        " accountdomain web homepage",
    ),
) + _of(
    "firmographic",
    "name",
    (
        "account_name",
        "name",
        "Account",
        "",
        "",
        "companyname accountname name company account organizationname legalname businessname",
    ),
)

_FIRM = _of(
    "firmographic",
    "employment",
    (
        "employees",
        "number",
        "Employees",
        "have {value} employees",
        "",
        "numberofemployees employees employeecount noofemployees numemployees employeestotal headcount"
        " estimatednumemployees totalemployees staff employeerange employeesrange size companysize"
        " employeebucket employeesize",
    ),
    (
        "employees_1yr_ago",
        "number",
        "Employees a year ago",
        "had {value} employees a year ago",
        "",
        "employees1yrago employees1yearago employeesyearago employeesayearago employeesoneyearago"
        " employeeslastyear employeespreviousyear headcount1yrago headcountlastyear headcount12monthsago"
        " employees12monthsago priorheadcount numberofemployees1yearago",
    ),
    ("industry", "text", "Industry", "are in {value}", "", "industry primaryindustry sector industryname"),
    (
        "sub_industry",
        "text",
        "Sub-industry",
        "are in {value}",
        "",
        "subindustry primarysubindustry industrygroup subsector subvertical",
    ),
    (
        "account_type",
        "text",
        "Account type",
        "are of the type {value}",
        "",
        "type accounttype companytype ownership",
    ),
    ("founded_year", "year", "Founded", "were founded in {value}", "year", "foundedyear yearfounded founded"
     " yearstarted foundingyear yearestablished yearofincorporation"),
    ("is_public", "flag", "Public", "are listed / are not listed", "", "ispublic public publiccompany"),
) + _of(
    "firmographic",
    "financial",
    (
        "revenue",
        "number",
        "Annual revenue",
        "have an annual revenue of {value}",
        "",
        "annualrevenue revenue annualrev estimatedannualrevenue estimatedrevenue revenueusd sales turnover"
        " annualsales arr revenuerange",
    ),
    (
        "funding_stage",
        "text",
        "Funding stage",
        "are at the funding stage {value}",
        "",
        "fundingstage latestfunding recentfundinground lastfundinground lastfundingtype latestfundingtype"
        " latestfundingstage fundinground stageoffunding",
    ),
    (
        "funding_amount",
        "number",
        "Funding raised",
        "have raised {value}",
        "",
        "totalmoneyraised totalfunding totalfundingamount fundingamount fundingtotal fundingraised raised"
        " totalraised latestfundingamount recentfundingamount lastfundingamount funding",
    ),
    (
        "funding_date",
        "date",
        "Last funding",
        "raised money last in {value}",
        "",
        "lastfundingdate fundingdate lastraisedat recentfundingdate latestfundingdate lastfundingat",
    ),
) + _of(
    "firmographic",
    "address",
    ("country", "text", "Country", "are in {value}", "", "countryregion country billingcountry hqcountry"
     " headquarterscountry billingcountrycode countrycode"),
    ("region", "text", "Region", "are in {value}", "", "stateregion state region billingstate hqstate"
     " hqregion headquartersregion province"),
)  # fmt: skip

_TECH = _of(
    "technographic",
    "lifestyle",
    (
        "technologies",
        "names",
        "Technologies",
        "use {value}",
        "",
        "webtechnologies technologies tech techstack technologiesused currenttechnologies stack tools",
    ),
    (
        "technologies_added",
        "names",
        "Technologies added",
        "have taken up {value}",
        "",
        "technologiesadded technologyadded addedtechnologies newtechnologies recentlyaddedtechnologies",
    ),
    (
        "technology_added_on",
        "date",
        "Technology added on",
        "took up a technology in {value}",
        "",
        "technologyaddedon technologyaddeddate technologiesaddeddate technologiesaddedon"
        " lasttechnologyadded lasttechnologychange techchangedate",
    ),
    (
        "technologies_removed",
        "names",
        "Technologies dropped",
        "have dropped {value}",
        "",
        "technologiesremoved technologyremoved removedtechnologies droppedtechnologies technologiesdropped",
    ),
    (
        "technology_removed_on",
        "date",
        "Technology dropped on",
        "dropped a technology in {value}",
        "",
        "technologyremovedon technologyremoveddate technologiesremoveddate technologiesremovedon"
        " technologydroppedon",
    ),
    (
        "competitor_tools",
        "names",
        "Competitors' tools",
        "use {value}, a competitor's tool",
        "",
        "competitortools competitors competitor competitortool competingtools competitorproducts incumbent",
    ),
)

_BEHAVIOUR = _of(
    "behavioural",
    "content",
    (
        "page_views",
        "number",
        "Website page views",
        "viewed {value} pages",
        "",
        "websitepageviews numberofpageviews pageviews hsanalyticsnumpageviews totalpageviews webpageviews",
    ),
    (
        "first_visit",
        "date",
        "First visit",
        "first visited in {value}",
        "",
        "firstvisit firstvisitdate timefirstseen hsanalyticsfirsttimestamp firstseen firstwebvisit"
        " firstsessiondate timeoffirstvisit timeoffirstsession",
    ),
    ("content_downloads", "number", "Content downloads", "downloaded {value} pieces of content", "",
     "contentdownloads downloads assetdownloads whitepaperdownloads numberofdownloads ebookdownloads"),
    ("event_attendance", "number", "Events attended", "attended {value} events", "",
     "eventattendance eventsattended events webinarsattended eventattendances numberofevents"),
    ("trial_activity", "number", "Trial activity", "used a trial {value} times", "",
     "trialactivity trialevents trialsessions trialactions trialusage triallogins"),
    ("has_trial", "flag", "Trial", "tried the product / have not tried the product", "",
     "trial hastrial freetrial istrial trialstarted"),
    ("web_traffic", "number", "Monthly web traffic", "have {value} visits a month", "",
     "monthlywebtraffic webtraffic websitetraffic monthlyvisits monthlytraffic traffic monthlywebvisits"
     " websitevisits"),
    ("web_traffic_1yr_ago", "number", "Web traffic a year ago", "had {value} visits a month a year ago", "",
     "webtraffic1yrago webtraffic1yearago webtrafficyearago monthlywebtraffic1yearago webtrafficbefore"
     " webtrafficlastyear websitetraffic1yearago monthlyvisits1yearago trafficayearago traffic1yearago"),
)  # fmt: skip

_INTENT = _of(
    "intent",
    "intent_topic",
    ("intent_topics", "names", "Intent topics", "research {value}", "",
     "intenttopics intenttopic topics surgetopics surgingtopics intentsignals intent"),
    ("intent_scores", "scores", "Intent score", "have an intent score of {value}", "",
     "intentscore intentscores surgescore topicscores compositescore averageintentscore"),
) + _of(
    "intent",
    "intent_category",
    ("job_postings", "number", "Job postings", "have {value} jobs open", "",
     "jobpostings openjobs jobopenings openpositions numberofjobpostings jobs activejobpostings jobsopen"),
    ("review_activity", "number", "Visits to review sites", "looked at review sites {value} times", "",
     "reviewsiteactivity reviewactivity reviewsitevisits g2activity reviewvisits g2visits"
     " reviewsiteviews"),
    ("search_keywords", "names", "Search keywords", "search for {value}", "",
     "searchkeywords keywords searchterms searches searchqueries"),
)  # fmt: skip

MEANINGS: tuple[Meaning, ...] = _IDENTITY + _FIRM + _TECH + _BEHAVIOUR + _INTENT
MEANING_OF: dict[str, Meaning] = {each.name: each for each in MEANINGS}
