"""A calibration at a terminal and as a page."""

import re

from calibrations import ALL, CHOSEN, report

from qa.calibration.models import CalibrationStatus, Counts
from ui.calibration_page import html
from ui.show_calibration import none_chosen, status, table, told
from ui.show_calibration import report as shown

IN_USE = CalibrationStatus(
    ignored=None,
    questions=100,
    generation=3,
    threshold=0.4,
    risk=0.04,
    risk_low=0.01,
    risk_high=0.09,
    risk_asked=0.1,
)


def test_the_whole_report():
    assert shown(report()) == (
        "100 questions asked of generation 3, reader pinpoint-reader: 70 of files, 5 pinned, 13 "
        "asked again without the documents that answer them, 12 about other matters\n"
        "25% of them are not answered by the documents; the first quote was right for 60\n"
        "\n"
        "confidence before: expected calibration error 0.225, Brier score 0.192\n"
        " confidence questions  right  0%                   100%  95% interval\n"
        "     10-20%         1     0%  ···|·····················  0% to 79%\n"
        "     80-90%         2    50%  ████████████·········|···  9% to 91%\n"
        "    90-100%         1   100%  ███████████████████████|█  21% to 100%\n"
        "\n"
        "confidence after (isotonic, cross-validated): expected calibration error 0.187, Brier "
        "score 0.198\n"
        " confidence questions  right  0%                   100%  95% interval\n"
        "      0-10%         1     0%  ·|·······················  0% to 79%\n"
        "     40-50%         3    67%  ███████████|█████········  21% to 94%\n"
        "\n"
        "  from  answered  coverage  wrong    risk  90% interval of the risk\n"
        "   40%        50       50%      2    4.0%  1.0% to 9.0%  <- chosen\n"
        "   10%        90       90%     18   20.0%  15.0% to 28.0%\n"
        "\n"
        "Answers are given from a confidence of 40% on: 50% of the questions, of which 4.0% get a "
        "wrong answer (90% interval 1.0% to 9.0%, at most 10.0% asked for)."
    )


def test_where_questions_come_from():
    assert told(Counts(rating=20, foreign=7, unknown=3)) == (
        "20 rated, 7 about other matters; 3 more could not be judged"
    )


def test_why_nothing_was_stored():
    found = report(chosen=None, risk=0.05)
    assert none_chosen(found) == (
        "no threshold keeps the risk within 5.0%, so nothing was stored: the lowest upper estimate "
        "is 9.0%, at a coverage of 50%; label more questions, or ask for a higher --risk"
    )
    assert "no more than 90% of the questions can be answered; lower --min-coverage" in none_chosen(
        report(chosen=None, min_coverage=0.95)
    )
    assert "is 28.0%, at a coverage of 90%" in none_chosen(report(chosen=None, min_coverage=0.6))
    assert "Answers are given" not in shown(found)


def test_the_line_of_the_status():
    assert status(IN_USE) == (
        "calibration on 100 questions at generation 3: answers from 40% on, of which 4.0% are "
        "wrong (1.0% to 9.0%, 10.0% asked for)"
    )
    other = IN_USE.model_copy(update={"ignored": "made for another reader"})
    assert status(other) == (
        "calibration not in use: made for another reader (on 100 questions at generation 3); "
        "calibrate again with: pinpoint calibrate"
    )
    assert status(CalibrationStatus(ignored="damaged")) == "calibration not in use: damaged"


def test_the_table_has_ten_rows_and_the_chosen_one():
    points = [
        CHOSEN.model_copy(update={"score": 1 - n / 100, "answered": n, "coverage": n / 97})
        for n in range(1, 91)
    ]
    assert [p.answered for p in table(points, points[39])] == [
        *(9, 18, 27, 36, 40, 45, 54, 63, 72, 81, 90)
    ]
    for most in range(1, 91):  # whatever a tenth of it is
        assert table(points[:most], None)[-1].answered == most
    assert table([CHOSEN, ALL], None) == [CHOSEN, ALL]
    assert table([], None) == []


def test_the_page_needs_no_other_file_and_runs_no_script():
    page = html(report())
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=", page) == []
    assert page.count("<svg") == 3
    # 3 bins before, 2 after, and the chosen point
    assert page.count('class="dot"') == 6
    assert '<circle class="dot" cx="180.0" cy="278.8" r="5"/>' in page  # half covered, 4% risk
    assert '<line class="ideal" x1="40" x2="320" y1="262.0" y2="262.0"/>' in page  # 10% asked for
    assert "Answers are given from a confidence of 40% on" in page
    assert '<tr class="chosen"><td>40%</td><td>50</td>' in page


def test_the_page_of_a_calibration_that_was_not_stored_says_so():
    page = html(report(chosen=None, reader="<b>reader</b>"))
    assert "nothing was stored" in page
    assert "&lt;b&gt;reader" in page
    assert (page.count('class="dot"'), page.count('class="chosen"')) == (5, 0)
