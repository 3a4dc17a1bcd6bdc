"""Pictures of figures over time: readable levels, honest heights, and words inside the frame."""

from datetime import date, timedelta

from dashboard import charts
from dashboard.charts import Value
from dashboard.templatetags import desk

UNTIL = date(2026, 11, 23)


def drawn(figures, *, usual=(None, None), steps=charts.SECONDS, tell=desk.duration, every=1) -> charts.Chart:
    count = len(figures)
    values = [
        Value(UNTIL - timedelta(days=every * (count - 1 - n)), figure) for n, figure in enumerate(figures)
    ]
    chart = charts.over_time(values, until=UNTIL, usual=usual, steps=steps, tell=tell)
    assert chart
    return chart


def test_nothing_is_drawn_of_nothing():
    assert (
        charts.over_time([], until=UNTIL, usual=(None, None), steps=charts.SECONDS, tell=desk.duration)
        is None
    )


def test_levels_are_figures_that_people_can_read():
    assert [line.label for line in drawn([430.0, 520.0, 610.0]).levels] == [
        "7 min 0 s",
        "8 min 0 s",
        "9 min 0 s",
        "10 min",
        "11 min",
    ]
    weighed = drawn([41_000.0, 43_000.0], steps=charts.MEGABYTES, tell=desk.size)
    assert [line.label for line in weighed.levels] == ["35.0 GB", "40.0 GB", "45.0 GB", "50.0 GB"]


def test_a_ripple_is_not_shown_as_a_wave():
    low, high = (float(dot.y) for dot in drawn([100.0, 101.0]).dots)
    assert low - high < charts.HEIGHT / 10


def test_everything_stands_inside_the_field():
    for figures in ([0.0], [0.5], [3.0, 90_000.0], [7_000_000.0, 1.0], [600.0] * 400):
        chart = drawn(figures, usual=(figures[0], figures[0] * 2))
        assert all(0 <= float(dot.y) <= charts.HEIGHT for dot in chart.dots)
        assert all(0 <= float(dot.x.rstrip("%")) <= 100 for dot in chart.dots)
        assert 2 <= len(chart.levels) <= 7
        assert chart.band
        assert float(chart.band.top) >= 0


def test_a_short_time_tells_days_and_a_long_one_months():
    assert [line.label for line in drawn([1.0] * 3).days][-1] == "23 Nov"
    assert [line.label for line in drawn([1.0] * 366).days][-1] == "Nov"
    assert len(drawn([1.0] * 366).days) <= 7


def test_a_day_out_of_the_usual_keeps_its_side():
    values = [Value(UNTIL, 700.0, 1)]
    chart = charts.over_time(
        values, until=UNTIL, usual=(500.0, 600.0), steps=charts.SECONDS, tell=desk.duration
    )
    assert chart
    assert (chart.last.side, chart.last.words) == (1, "23 Nov 2026: 11 min")
