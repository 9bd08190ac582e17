"""Geometry and force of a press brake's bend: what a part asks of the machine."""

from __future__ import annotations

from manyworks.processes.tables import process_table

_PROCESS = "sheet-metal-bending"
_N_PER_T = 9806.65


def _figure(name: str) -> float:
    return process_table(_PROCESS).coefficients[name].value


def bending_force_t(thickness_mm: float, bend_mm: float, tensile_mpa: float) -> float:
    """Force of an air bend in tonnes, with margin: ``1.42 Rm t^2 L / V`` with the usual ``V = 8 t``.

    1.42 lies between the textbooks' 1.33 and the 1.6 that the inch rule 575 t^2/V amounts to.
    """
    newtons = tensile_mpa * thickness_mm * bend_mm / _figure("usual_die")
    return _figure("force_constant") * newtons / _N_PER_T * _figure("force_margin")
