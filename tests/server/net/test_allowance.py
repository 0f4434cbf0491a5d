from server.net.allowance import Allowance, Allowances


def test_a_burst_is_fine_then_the_refill_counts() -> None:
    allowance = Allowance(per_s=10, burst=5, strikes=3, now_s=0.0)
    assert [allowance.spend(0.0) for _ in range(6)] == ["fine"] * 5 + ["over"]
    assert allowance.spend(0.1) == "fine"
    assert allowance.spend(0.1) == "over"


def test_who_goes_on_is_out() -> None:
    allowance = Allowance(per_s=10, burst=1, strikes=3, now_s=0.0)
    assert [allowance.spend(0.0) for _ in range(5)] == ["fine", "over", "over", "over", "out"]


def test_strikes_are_forgiven_once_the_bucket_is_full() -> None:
    allowance = Allowance(per_s=10, burst=2, strikes=1, now_s=0.0)
    for start_s in (0.0, 10.0, 20.0):
        assert [allowance.spend(start_s) for _ in range(3)] == ["fine", "fine", "over"]


def test_a_clock_burst_a_second_with_reports_never_runs_dry() -> None:
    allowance = Allowance(per_s=50, burst=200, strikes=0, now_s=0.0)
    for second in range(600):
        assert all(allowance.spend(float(second)) == "fine" for _ in range(8 + 2))


def test_time_that_stands_still_or_goes_back_gains_nothing() -> None:
    allowance = Allowance(per_s=10, burst=1, strikes=9, now_s=5.0)
    assert [allowance.spend(at_s) for at_s in (5.0, 5.0, 4.0, 5.0)] == ["fine"] + ["over"] * 3


def test_what_weighs_more_costs_more() -> None:
    allowance = Allowance(per_s=10, burst=5, strikes=3, now_s=0.0)
    assert [allowance.spend(0.0, 2) for _ in range(3)] == ["fine", "fine", "over"]
    assert allowance.spend(0.0) == "fine"


def test_who_comes_back_has_no_new_allowance() -> None:
    allowances = Allowances(per_s=10, burst=2, strikes=0)
    assert [allowances.of("flo", 0.0).spend(0.0) for _ in range(3)] == ["fine", "fine", "out"]
    assert allowances.of("ana", 0.0).spend(0.0) == "fine"
    assert allowances.of("flo", 60.0).spend(60.0) == "fine"


def test_a_crowd_that_comes_and_goes_is_forgotten() -> None:
    allowances = Allowances(per_s=10, burst=2, strikes=0)
    for second in range(10_000):
        allowances.of(f"guest {second}", float(second)).spend(float(second))
    assert len(allowances) < 100
