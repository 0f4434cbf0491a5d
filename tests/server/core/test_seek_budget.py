"""Corrective seeks: when an error calls for one, and how seldom they come."""

import pytest

from server.core.seek_budget import SeekBudget
from server.core.tuning import BROWSER, HOST_WINDOW


def calls(budget: SeekBudget, error_s: float, *, spent: bool = False, speed: float = 1.0) -> bool:
    return budget.calls_for_seek(
        error_s, muted=False, measurable=True, speed=speed, recovery_spent=spent
    )


def test_what_rate_can_mend_calls_for_no_seek() -> None:
    budget = SeekBudget(BROWSER)
    # 3 s at 2 % mend 60 ms, down to a frame.
    assert not calls(budget, 0.092)
    assert calls(budget, -0.094)
    assert budget.bound_s(muted=True, measurable=True, speed=1.0) == 0.150


def test_a_recovery_without_success_calls_for_a_seek() -> None:
    budget = SeekBudget(BROWSER)
    assert calls(budget, 0.035, spent=True)
    assert not calls(budget, 0.031, spent=True)


def test_at_double_speed_rate_mends_twice_as_much() -> None:
    budget = SeekBudget(BROWSER)
    assert not calls(budget, 0.185, speed=2.0)
    assert calls(budget, 0.188, speed=2.0)
    assert not calls(budget, 0.065, spent=True, speed=2.0)
    assert calls(budget, 0.094, speed=0.5)
    assert not calls(budget, 0.092, speed=0.5)


def test_the_big_screen_bears_more() -> None:
    budget = SeekBudget(HOST_WINDOW)
    assert not calls(budget, 0.249)
    assert calls(budget, 0.251)


def test_a_coarse_position_is_trusted_less() -> None:
    assert SeekBudget(BROWSER).bound_s(muted=False, measurable=False, speed=1.0) == 0.250


def test_seeks_keep_their_distance() -> None:
    budget = SeekBudget(BROWSER)
    assert budget.allows(10.0)
    budget.spend(10.0)
    assert not budget.allows(12.9)
    assert budget.allows(13.0)


def test_a_seek_of_the_room_may_be_repeated_once_and_corrected_later() -> None:
    budget = SeekBudget(BROWSER)
    budget.obey(10.0)
    assert not budget.allows(12.9)
    assert budget.allows_repeat(10.5)
    budget.repeat(10.5)
    assert not budget.allows_repeat(11.0)
    assert budget.allows(13.5)
    assert budget.allows_repeat(13.5)


def test_a_film_that_has_moved_is_not_sought_once_more() -> None:
    budget = SeekBudget(BROWSER)
    budget.obey(10.0)
    budget.moves()
    assert not budget.allows_repeat(10.5)


def test_a_correction_is_not_repeated() -> None:
    budget = SeekBudget(BROWSER)
    budget.obey(10.0)
    budget.spend(13.0)
    assert not budget.allows_repeat(14.0)


def test_each_three_failures_double_the_bound_until_forgiven() -> None:
    budget = SeekBudget(BROWSER)
    bounds = []
    for number in range(7):
        bounds.append(budget.bound_s(muted=True, measurable=True, speed=1.0))
        budget.spend(10.0 * number)
    assert bounds == pytest.approx([0.15] * 3 + [0.3] * 3 + [0.6])
    budget.forgive()
    assert budget.bound_s(muted=True, measurable=True, speed=1.0) == 0.15


def test_failures_are_forgotten_once_a_seek_has_held() -> None:
    budget = SeekBudget(BROWSER)
    for number in range(3):
        budget.spend(10.0 * number)
    budget.in_sync(25.0)
    assert budget.bound_s(muted=True, measurable=True, speed=1.0) == 0.30
    budget.in_sync(30.0)
    assert budget.bound_s(muted=True, measurable=True, speed=1.0) == 0.15
