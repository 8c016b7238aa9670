"""Which persons does the documentation name? Contacts whose identifiers nobody else may have.

The example calls of the documentation resolve to these persons in every population that is large enough.
"""

from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Households of documentation begin with HD, so that no generated person shares them.
CONTACTS: dict[int, dict[str, Any]] = {
    11111: {
        "first_name": "John",
        "last_name": "Doe",
        "gender": "Male",
        "email1": "john.doe@gmail.com",
        "email2": None,
        "email3": None,
    },
    12345: {
        "first_name": "Jane",
        "last_name": "Smith",
        "gender": "Female",
        "email1": "customer1@example.com",
        "email2": "alt1@example.com",
        "email3": None,
        "phone1": "5551234567",
        "phone2": None,
        "household_id": "HD12345",
        "address": "123 Main St, San Francisco, CA 94105",
        "latitude": 37.7749,
        "longitude": -122.4194,
        "state": "CA",
        "zip3": "941",
        "area_type": "Urban",
        "quality": 0.92,
        "last_modified": datetime(2025, 1, 15, 10, 30),
        "age": 41,
        "age_range": "35-44",
        "generation": "Millennial",
        "education": "Bachelor Degree",
        "marital_status": "Married",
        "number_children_in_household": "2",
        "household_income_range": "$75K-$100K",
        "household_net_worth_range": "$250K-$500K",
        "interested_fitness": "Yes",
        "interested_healthy_living": "Yes",
        "interested_cooking": "Yes",
        "is_health_conscious": "Yes",
        "is_pet_owner": "Yes",
        "fitness_affinity": "High",
        "health_affinity": "High",
        "family_affinity": "Medium",
    },
    12346: {
        "gender": "Male",
        "first_name": "Robert",
        "email1": None,
        "email2": None,
        "email3": None,
        "phone1": "5559876543",
        "phone2": "5551111111",
        "household_id": "HD12346",
        "quality": 0.88,
        "last_modified": datetime(2025, 1, 14, 8, 20),
        "age": 49,
        "age_range": "45-54",
        "generation": "Gen X",
        "education": "Graduate Degree",
        "household_income_range": "$150K+",
        "interested_golf": "Yes",
        "interested_fitness": "Yes",
        "auto_affinity": "High",
        "health_affinity": "Medium",
        "is_home_owner": "Yes",
        "is_investor": "Yes",
        "owns_investments": "Yes",
    },
    67890: {
        "first_name": "Sarah",
        "gender": "Female",
        "email1": "customer2@example.com",
        "email2": None,
        "email3": None,
        "quality": 0.88,
        "age": 52,
        "age_range": "45-54",
        "generation": "Gen X",
        "interested_healthy_living": "Yes",
        "interested_outdoors": "Yes",
    },
}


def with_contacts(columns: dict[str, pa.Array], first_person: int) -> dict[str, pa.Array]:
    """These columns with the contacts of the documentation put in, where they fall into the chunk."""
    people = len(columns["person_id"])
    columns = dict(columns)
    for person, values in CONTACTS.items():
        row = person - first_person
        if 0 <= row < people:
            columns |= {name: _replaced(columns[name], row, value) for name, value in values.items()}
    return columns


def _replaced(column: pa.Array, row: int, value: object) -> pa.Array:
    mask = np.zeros(len(column), dtype=bool)
    mask[row] = True
    if not isinstance(column, pa.DictionaryArray):
        return _at(column, mask, value)
    code = column.dictionary.index(value).as_py()
    indices = _at(column.indices, mask, code)
    return pa.DictionaryArray.from_arrays(indices, column.dictionary)


def _at(column: pa.Array, mask: np.ndarray, value: object) -> pa.Array:
    return pc.call_function("replace_with_mask", [column, pa.array(mask), pa.array([value], column.type)])
