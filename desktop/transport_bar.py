"""The controls under the picture: play, position, speed, volume, fullscreen.

Renders the confirmed view and emits what was pressed; what a press becomes is decided in
`remote`. While a guest has control, everything that moves the film looks locked, and still
emits: the answer then says who has control.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop import style
from desktop.preview import Preview
from desktop.seek_slider import SeekSlider
from desktop.slider import Slider
from desktop.transport import SPEEDS, blocked
from desktop.view_model import View
from desktop.wording import clock, speed


class TransportBar(QWidget):
    """One row of controls.

    Signals:
        play_pressed(), step_pressed(int), sought(float), speed_chosen(float), refused():
            wishes to move the film.
        volume_moved(float), mute_pressed(): this window's own sound.
    """

    play_pressed = Signal()
    step_pressed = Signal(int)
    sought = Signal(float)
    speed_chosen = Signal(float)
    refused = Signal()
    volume_moved = Signal(float)
    mute_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transportBar")
        self._icons = ("", False)
        self._item_id: str | None = None
        self.play = _button("playButton", "Play (Space)", "play", self.play_pressed.emit)
        self.play.setFixedSize(40, 40)
        self.play.setIconSize(QSize(22, 22))
        self.back = _button(
            "frameBack", "Back one frame (,)", "frame-back", lambda: self.step_pressed.emit(-1)
        )
        self.forward = _button(
            "frameForward",
            "Forward one frame (.)",
            "frame-forward",
            lambda: self.step_pressed.emit(1),
        )
        self.time = style.named(QLabel("0:00"), "timeLabel")
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.duration = style.named(QLabel("0:00"), "durationLabel")
        self.slider = SeekSlider()
        self.slider.sought.connect(self.sought)
        self.slider.refused.connect(self.refused)
        self.slider.previewed.connect(lambda at_s: self.time.setText(clock(at_s)))
        self.preview = Preview(self.slider, self)
        self.speed = self._speed_button()
        self.mute = _button("muteButton", "Mute (M)", "volume", None)
        self.mute.setCheckable(True)
        self.mute.clicked.connect(self.mute_pressed)
        self.volume = style.named(Slider(filled=style.MUTED), "volumeSlider")
        self.volume.setAccessibleName("Volume")
        self.volume.setToolTip("Volume of this window (Up, Down)")
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(84)
        self.volume.valueChanged.connect(lambda value: self.volume_moved.emit(value / 100))
        self.panel = _button("panelButton", "Show or hide the panel", "panel", None)
        self.fullscreen = _button("fullscreenButton", "Fullscreen (F)", "fullscreen", None)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 2)
        row.setSpacing(6)
        for left in (self.play, self.back, self.forward, self.time):
            row.addWidget(left)
        row.addWidget(self.slider, stretch=1)
        for right in (self.duration, self.speed, self.mute, self.volume, self.panel):
            row.addWidget(right)
        row.addWidget(self.fullscreen)

    def render_view(self, view: View) -> None:
        """Show the confirmed state of the room."""
        has_film, locked = view.item is not None, blocked(view) is not None
        timeline = view.timeline
        if locked or timeline.item_id != self._item_id:
            self.slider.let_go()
        self._item_id = timeline.item_id
        self.slider.locked = locked
        self.slider.set_duration(view.duration_s)
        self.slider.set_chapters(view.item.chapters if view.item else ())
        self.preview.set_item(view.item)
        self.duration.setText(clock(view.duration_s))
        widest = clock(view.duration_s).replace("1", "0")
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance(widest) + 6)
        for widget in (self.play, self.back, self.forward, self.slider, self.speed):
            widget.setEnabled(has_film)
            style.mark(widget, locked=locked and has_film)
        name, label = ("pause", "Pause") if timeline.playing else ("play", "Play")
        if timeline.ended:
            name, label = "replay", "Play again"
        self._show_icons(name, locked=locked)
        self.play.setAccessibleName(label)
        self.play.setToolTip(f"{label} (Space)")
        self.speed.setText(speed(timeline.rate))
        for action in self.speed.menu().actions():
            action.setChecked(action.data() == timeline.rate)

    def _show_icons(self, name: str, *, locked: bool) -> None:
        if (name, locked) == self._icons:
            return  # drawing them takes longer than all the rest, and views come often
        self._icons = (name, locked)
        self.play.setIcon(style.icon(name))
        self.back.setIcon(style.icon("frame-back", dimmed=locked))
        self.forward.setIcon(style.icon("frame-forward", dimmed=locked))

    def show_position(self, position_s: float) -> None:
        """Show where the room is; while the handle is held, it stays with the hand."""
        self.slider.set_position(position_s)
        if not self.slider.isSliderDown():
            self.time.setText(clock(position_s))

    def show_sound(self, volume: float, *, muted: bool) -> None:
        """Show this window's own volume."""
        self.volume.blockSignals(True)
        self.volume.setValue(round(volume * 100))
        self.volume.blockSignals(False)
        self.mute.setChecked(muted)
        self.mute.setIcon(style.icon("muted" if muted or volume == 0 else "volume"))
        self.mute.setAccessibleName("Unmute" if muted else "Mute")
        self.mute.setToolTip("Unmute (M)" if muted else "Mute (M)")

    def _speed_button(self) -> QToolButton:
        button = style.named(QToolButton(), "speedButton")
        button.setAccessibleName("Speed for everyone")
        button.setToolTip("Speed for everyone (< and >)")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("speedMenu")
        group = QActionGroup(menu)
        for rate in SPEEDS:
            action = QAction(speed(rate), group, checkable=True)
            action.setData(rate)
            menu.addAction(action)
        menu.triggered.connect(lambda action: self.speed_chosen.emit(action.data()))
        button.setMenu(menu)
        return button


def _button(name: str, tip: str, icon: str, pressed: Callable[[], None] | None) -> QToolButton:
    button = style.named(QToolButton(), name)
    button.setToolTip(tip)
    button.setAccessibleName(tip.split(" (", maxsplit=1)[0])
    button.setIcon(style.icon(icon))
    button.setIconSize(QSize(20, 20))
    # Reached by Tab, never by the mouse: Space after a click must go on meaning play.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if pressed is not None:
        button.clicked.connect(lambda _checked: pressed())
    return button
