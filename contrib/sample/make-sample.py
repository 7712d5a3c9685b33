#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
#
# Writes rmd-sample.csv and rmd-sample.xml: made-up filings in the form of the FCC's export of January 2025, with
# every oddity that the real one has. No randomness: the same rows each time. Real providers must not enter.
import os
from xml.sax.saxutils import escape

COLUMNS = (
    "number frn business_name business_address foreign_voice_provider country other_frns other_dba_names "
    "previous_dba_names robocall_mitigation_contact_name contact_title contact_department contact_business_address "
    "contact_country contact_telephone_number contact_phone_extension implementation voice_service_provider_choice "
    "gateway_provider_choice intermediate_provider_choice last_updated last_recertified filing_url"
).split()

COMPLETE = "Complete STIR/SHAKEN Implementation"
PARTIAL = "Partial STIR/SHAKEN Implementation - Performing Robocall Mitigation"
NONE = "No STIR/SHAKEN Implementation - Performing Robocall Mitigation"
NOT_CERTIFIED = "N/A"

FIRST = ("Amber Birch Cedar Delta Ember Fjord Garnet Harbor Indigo Juniper Kestrel Lantern Meadow Nimbus Opal "
         "Pebble").split()
SECOND = ("Valley Ridge Prairie Lakes County River Summit Coast Junction Crossing Plains Hollow Springs Grove "
          "Mesa").split()
THIRD = ("Telephone Company|Telecom LLC|Communications, Inc.|Networks LLC|Voice Services, LLC|Telephone Cooperative|"
         "VoIP Corp.|Long Distance, Inc.").split("|")
TOWNS = "Exampleville XE 00501|Sampleton XS 00502|Testburg XT 00503|Specimen City XP 00504".split("|")
PEOPLE = "Pat Placeholder|Sam Sample|Alex Example|Robin Specimen".split("|")
ABROAD = "India|Germany|Jamaica|Canada|United Kingdom|Philippines".split("|")
PLACEHOLDERS = ["N/A", "None", "NONE", "none", "NOne", "None.", "'None'", '"NONE"', "no", "non", "Nine", "na", "null",
                "see list in attached RMP", "Already Filed"]
HOME = "United States of America"
ROWS = 260


def frn(index):
    return "0099%06d" % index


def dashed(index):
    text = frn(index)
    return "-".join((text[:4], text[4:8], text[8:]))


def plain_row(index):
    name = " ".join((FIRST[index % 16], SECOND[index // 16 % 15], THIRD[index % 8]))
    town = TOWNS[index % 4]
    abroad = index % 6 == 5
    country = ABROAD[index // 6 % 6] if abroad else HOME
    phone = "1202555%04d" % (100 + index % 100)
    values = {
        "number": "RMD%07d" % (9000000 + index * 3 + index // 50),
        "frn": frn(index),
        "business_name": name,
        "business_address": "%d Example Street\nSuite %d\n%s" % (100 + index, index % 40, town),
        "foreign_voice_provider": "Yes" if abroad else "No",
        "country": country,
        "other_frns": "",
        "other_dba_names": "",
        "previous_dba_names": "",
        "robocall_mitigation_contact_name": PEOPLE[index % 4],
        "contact_title": "Compliance Officer",
        "contact_department": ("Regulatory", "Legal", "", "N/A")[index % 4],
        "contact_business_address": "%d Example Street\nSuite %d\n%s" % (100 + index, index % 40, town),
        "contact_country": country,
        "contact_telephone_number": "'+" + phone if index % 3 == 0 else phone,
        "contact_phone_extension": "10%d" % (index % 10) if index % 5 == 0 else "",
        "implementation": (COMPLETE, NONE, PARTIAL, COMPLETE)[index % 4],
        "voice_service_provider_choice": "No" if index % 11 == 7 else "Yes",
        "gateway_provider_choice": "Yes" if index % 22 == 7 else "No",
        "intermediate_provider_choice": "Yes" if index % 11 in (3, 7) else "No",
        "last_updated": "" if index % 8 == 6 else "2024-%02d-%02d" % (1 + index % 12, 1 + index % 28),
        "last_recertified": "",
        "filing_url": "https://example.com/rmd?id=rmd_form&table=x_g_fmc_rmd_robocall_mitigation_database&sys_id="
                      "%032x&view=sp" % (0x90000000000000000000000000000000 + index * 0x1f3d5b79),
    }
    return values


# What is odd, by row. Each of these stands in the real export.
ODD = {
    1: {"business_name": "'@Amber Services, LLC"},
    2: {"business_address": "7 Example Street\r\nSuite 2\r\nSampleton XS 00502"},
    3: {"business_address": "8\tExample Street\tFloor 3\nTestburg XT 00503"},
    4: {"previous_dba_names": "; ".join("Former Name %04d of a Sample" % n for n in range(600))[:15753]},
    8: {"business_name": ""},
    9: {"business_name": "", "other_dba_names": "d/b/a Sample Nine\nd/b/a Nine Sample"},
    10: {"business_name": frn(10)},
    11: {"business_name": "Telefon\ufffdnica Ejemplo, S.A. de C.V."},
    12: {"business_name": "Soci\ufffdt\ufffd Exemple", "business_address": "9 rue de l'Exemple\nMontr\ufffdal",
         "country": "Canada"},
    13: {"business_name": 'Cedar "The Voice" Telephone, Inc.', "other_dba_names": 'Cedar "Voice"'},
    # One FRN, two filings: the imported one beside the certified one.
    20: {"frn": frn(900), "business_name": "Twofold Telephone Company", "implementation": NOT_CERTIFIED},
    21: {"frn": frn(900), "business_name": "Twofold Telephone Company", "implementation": COMPLETE},
    # One FRN, three filings.
    30: {"frn": frn(901), "business_name": "Threefold Networks LLC", "implementation": NOT_CERTIFIED},
    31: {"frn": frn(901), "business_name": "Threefold Voice LLC", "implementation": NONE},
    32: {"frn": frn(901), "business_name": "Threefold Gateway LLC", "implementation": PARTIAL,
         "voice_service_provider_choice": "No", "gateway_provider_choice": "Yes"},
    33: {"frn": frn(902), "business_name": "Both Imported, Inc.", "implementation": NOT_CERTIFIED},
    34: {"frn": frn(902), "business_name": "Both Imported, Inc.", "implementation": NOT_CERTIFIED},
    40: {"frn": ""},
    41: {"frn": dashed(41)},
    50: {"other_frns": "%s; %s" % (frn(910), frn(911))},
    51: {"other_frns": "%s,%s" % (frn(912), frn(913))},
    52: {"other_frns": "%s %s\t%s\n%s" % (frn(914), frn(915), frn(916), frn(917))},
    53: {"other_frns": dashed(918)},
    54: {"other_frns": "9900919; 9900920"},
    55: {"other_frns": "%s Sample Holdings, LLC; %s Sample Fiber, Inc." % (frn(921), frn(922))},
    56: {"other_frns": "%s; %s" % (frn(56), frn(923))},
    57: {"other_frns": "'+%s" % frn(924)},
    58: {"other_frns": "; ".join(frn(2000 + n) for n in range(200))},
    59: {"other_frns": frn(60)},
    61: {"other_dba_names": "Sample, Inc.; Sample Wireless, LLC; d/b/a Sampler"},
    62: {"other_dba_names": "Sample One\nSample Two\r\nSample Three", "previous_dba_names": "f/k/a Samples, Ltd."},
    63: {"other_dba_names": "'=Sample Sum", "previous_dba_names": "'-Sample Minus"},
    64: {"foreign_voice_provider": ""},
    65: {"foreign_voice_provider": ""},
    66: {"country": "Jamaica", "contact_country": "Jamaica", "contact_telephone_number": "'+18765550166"},
    70: {"business_name": "Shared Name Communications"},
    71: {"business_name": "Shared Name Communications"},
    72: {"business_name": "SHARED NAME COMMUNICATIONS"},
    73: {"business_name": ("A Hundred Characters " * 5)[:99] + "."},
    74: {"business_address": ""},
    75: {"business_address": "' 12 Example Street"},
    76: {"business_name": "  Padded Telephone Company \n"},
    77: {"other_dba_names": '"Quoted, ""Twice"""'},
    78: {"business_name": "Ampersand & Sons <Telecom> LLC"},
}
for place, placeholder in enumerate(PLACEHOLDERS):
    ODD[100 + place] = {"other_frns": placeholder, "other_dba_names": placeholder, "previous_dba_names": placeholder}
for place in range(120, 136):
    ODD[place] = {"implementation": NOT_CERTIFIED, "last_updated": ""}
for place in range(140, 144):
    ODD[place] = {"voice_service_provider_choice": "No", "gateway_provider_choice": "No",
                  "intermediate_provider_choice": "No", "last_updated": ""}
# Two rows that nobody can understand.
ODD[150] = {"implementation": "Complete STIR SHAKEN"}
ODD[151] = {"last_updated": "2024-02-30"}


def csv_cell(text):
    if any(c in text for c in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    rows = []
    for index in range(1, ROWS + 1):
        row = plain_row(index)
        row.update(ODD.get(index, {}))
        rows.append([row[column] for column in COLUMNS])
    with open(os.path.join(folder, "rmd-sample.csv"), "w", encoding="utf-8", newline="") as out:
        for row in [COLUMNS] + rows:
            out.write(",".join(csv_cell(cell) for cell in row) + "\n")
    with open(os.path.join(folder, "rmd-sample.xml"), "w", encoding="utf-8", newline="") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<response>\n')
        for row in rows:
            out.write("<result>")
            for column, cell in zip(COLUMNS, row):
                text = escape(cell, {"\r": "&#13;"})
                out.write("<%s>%s</%s>" % (column, text, column))
            out.write("</result>\n")
        out.write("</response>\n")


if __name__ == "__main__":
    main()
