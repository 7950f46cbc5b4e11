"""The scheduler: everyone in turn, the commands of one session in order, and players never before commands for long."""

from collections.abc import Callable

from app.hosting.scheduler import Scheduler, Work


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Diary:
    """Who had a slice, in order, and what commands came to."""

    def __init__(self) -> None:
        self.slices: list[str] = []
        self.outcomes: list[tuple[str, object]] = []

    def work(self, name: str, slices: int, fail: bool = False) -> Callable[[], Work]:
        """A command of so many slices."""

        def command() -> Work:
            for number in range(slices):
                self.slices.append(name)
                if number < slices - 1:
                    yield
            if fail:
                raise KeyError(name)
            return name.upper()

        return command

    def done(self, name: str) -> Callable[[object, BaseException | None], None]:
        return lambda value, error: self.outcomes.append((name, error if error is not None else value))


class Player:
    """Plays when it is due, and writes it down."""

    def __init__(self, diary: Diary, name: str, due: float | None = 0.0) -> None:
        self.diary, self.name, self.at = diary, name, due

    def due(self) -> float | None:
        return self.at

    def play(self) -> None:
        self.diary.slices.append(self.name)


def drain(scheduler: Scheduler, slices: int = 1000) -> None:
    for _ in range(slices):
        if not scheduler.run():
            return


def test_a_command_of_one_slice_is_done_at_once() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    scheduler.submit("s", diary.work("a", 1), diary.done("a"))
    assert diary.outcomes == [("a", "A")]
    assert not scheduler.busy("s")
    assert scheduler.next_due() is None


def test_commands_of_different_sessions_take_turns() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    for name in "abc":
        scheduler.submit(name, diary.work(name, 3), diary.done(name))
    drain(scheduler)
    assert "".join(diary.slices) == "abcabcabc"


def test_who_waits_for_many_commands_has_as_many_turns_as_who_waits_for_one() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    for number in range(9):
        scheduler.submit(f"a{number}", diary.work(f"a{number}", 4), diary.done("a"), "ann")
    for name in "bc":
        scheduler.submit(name, diary.work(name, 10), diary.done(name), name)
    assert len(diary.slices) == 11, "each begins at once"
    drain(scheduler, 27)
    assert [name[0] for name in diary.slices[11:]] == list("abc" * 9)
    assert diary.slices[11::3] == [f"a{number}" for number in range(9)]


def test_commands_of_one_session_are_done_in_order_and_never_overlap() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    for name in ("a1", "a2", "a3"):
        scheduler.submit("a", diary.work(name, 2), diary.done(name))
    scheduler.submit("b", diary.work("b1", 2), diary.done("b1"))
    drain(scheduler)
    of_a = [name for name in diary.slices if name.startswith("a")]
    assert of_a == ["a1", "a1", "a2", "a2", "a3", "a3"]
    assert [name for name, _ in diary.outcomes if name.startswith("a")] == ["a1", "a2", "a3"]
    assert not scheduler.busy("a")


def test_a_command_that_was_sent_by_the_end_of_another_waits_for_those_before_it() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    scheduler.submit("s", diary.work("a", 2), lambda value, error: again())
    scheduler.submit("s", diary.work("b", 2), diary.done("b"))

    def again() -> None:
        scheduler.submit("s", diary.work("c", 1), diary.done("c"))

    drain(scheduler)
    assert diary.slices == ["a", "a", "b", "b", "c"]


def test_a_failing_command_tells_so_and_the_next_one_goes_on() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    scheduler.submit("s", diary.work("a", 2, fail=True), diary.done("a"))
    scheduler.submit("s", diary.work("b", 1, fail=True), diary.done("b"))
    scheduler.submit("s", diary.work("c", 1), diary.done("c"))
    drain(scheduler)
    assert [name for name, _ in diary.outcomes] == ["a", "b", "c"]
    assert isinstance(diary.outcomes[0][1], KeyError)
    assert isinstance(diary.outcomes[1][1], KeyError)
    assert diary.outcomes[2][1] == "C"


def test_thirty_players_leave_half_of_the_slices_to_one_command() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    for number in range(30):
        scheduler.play(f"p{number}", Player(diary, "p"))
    scheduler.submit("s", diary.work("c", 20), diary.done("c"))
    for _ in range(40):
        scheduler.run()
    assert diary.outcomes == [("c", "C")]
    assert diary.slices.count("p") >= 18


def test_players_take_turns() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    for name in "abc":
        scheduler.play(name, Player(diary, name))
    for _ in range(6):
        scheduler.run()
    assert "".join(diary.slices) == "abcabc"


def test_a_player_waits_until_it_is_due() -> None:
    diary, clock = Diary(), Clock()
    scheduler = Scheduler(clock)
    scheduler.play("a", Player(diary, "a", due=2.0))
    scheduler.play("b", Player(diary, "b", due=1.0))
    assert not scheduler.run()
    assert scheduler.next_due() == 1.0
    clock.now = 1.5
    assert scheduler.run()
    assert diary.slices == ["b"]


def test_a_player_that_plays_no_more_is_forgotten() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    player = Player(diary, "a")
    scheduler.play("a", player)
    scheduler.run()
    player.at = None
    assert not scheduler.run()
    assert scheduler.playing() == ()
    player.at = 0.0
    assert not scheduler.run()
    scheduler.play("a", player)
    assert scheduler.run()


def test_a_session_does_not_play_while_its_command_works() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    scheduler.play("s", Player(diary, "p"))
    scheduler.submit("s", diary.work("c", 3), diary.done("c"))
    drain(scheduler, 4)
    assert diary.slices[:3] == ["c", "c", "c"]
    assert diary.slices[3] == "p"


def test_a_forgotten_session_does_not_play() -> None:
    diary, scheduler = Diary(), Scheduler(Clock())
    scheduler.play("s", Player(diary, "p"))
    scheduler.forget("s")
    scheduler.forget("s")
    assert not scheduler.run()


def test_who_plays_many_sessions_has_as_many_turns_as_who_plays_one() -> None:
    diary, clock = Diary(), Clock()
    scheduler = Scheduler(clock)
    for number in range(9):
        scheduler.play(f"a{number}", Player(diary, f"a{number}"), "ann")
    scheduler.play("b", Player(diary, "b"), "bob")
    scheduler.play("c", Player(diary, "c"))
    drain(scheduler, 27)
    assert [name[0] for name in diary.slices] == list("abc" * 9)
    assert {name for name in diary.slices if name[0] == "a"} == {f"a{number}" for number in range(9)}
    for number in range(8):
        scheduler.forget(f"a{number}")
    scheduler.forget("b")
    diary.slices.clear()
    drain(scheduler, 4)
    assert sorted(diary.slices) == ["a8", "a8", "c", "c"]


def test_an_owner_whose_sessions_rest_costs_others_no_turn() -> None:
    diary, clock = Diary(), Clock()
    scheduler = Scheduler(clock)
    scheduler.play("a", Player(diary, "a", due=5.0), "ann")
    scheduler.play("b", Player(diary, "b"), "bob")
    ended = Player(diary, "c", due=None)
    scheduler.play("c", ended, "cat")
    drain(scheduler, 3)
    assert diary.slices == ["b", "b", "b"]
    assert scheduler.playing() == ("a", "b")
    ended.at = 0.0
    scheduler.play("c", ended, "cat")
    drain(scheduler, 2)
    assert sorted(diary.slices[3:]) == ["b", "c"]
