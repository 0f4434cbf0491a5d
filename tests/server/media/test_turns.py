"""A turn of the event loop carries a bounded number of chunks, and nobody is kept out."""

import asyncio

from server.media.turns import Turns


async def taken_at(turns: Turns, clock: list[int]) -> int:
    await turns.take()
    return clock[0]


async def counted_turns(clock: list[int]) -> None:
    while True:
        await asyncio.sleep(0)
        clock[0] += 1


async def test_so_many_pass_in_one_turn_of_the_loop() -> None:
    turns, clock = Turns(3), [0]
    counter = asyncio.create_task(counted_turns(clock))
    passed = await asyncio.gather(*(taken_at(turns, clock) for _ in range(12)))
    counter.cancel()
    assert max(passed.count(turn) for turn in passed) == 3


async def test_first_come_first_served() -> None:
    turns, order = Turns(1), list[int]()

    async def take(number: int) -> None:
        await turns.take()
        order.append(number)

    await asyncio.gather(*(take(number) for number in range(20)))
    assert order == list(range(20))


async def test_one_alone_is_not_kept_waiting() -> None:
    turns, clock = Turns(1), [0]
    counter = asyncio.create_task(counted_turns(clock))
    assert await taken_at(turns, clock) == 0
    counter.cancel()


async def test_one_who_gave_up_takes_no_turn() -> None:
    turns = Turns(1)
    await turns.take()
    tasks = [asyncio.create_task(turns.take()) for _ in range(5)]
    await asyncio.sleep(0)
    for task in tasks[:4]:
        task.cancel()
    await asyncio.wait_for(tasks[4], 1)
