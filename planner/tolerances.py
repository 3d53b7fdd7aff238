r"""How exactly a plan keeps its limits: one tolerance for the solvers' rows and for the check from the tables.

A limit says that a sum of amounts from the tables is not above a side. Amounts are decimals added up in binary, so the
sum may miss its exact value by rounding, and by nothing else:

.. math:: \sum_j a_j - b \le \min(10^{-9} \max(\sum_j |a_j|, |b|),\ 10^{-3}).

Both parts are there so that the tolerance is never an amount that anybody wrote down. Money is kept in 0.01 万元, land in
0.01 亩: :math:`10^{-3}` is a tenth of such a step, however large the budget; and 3 × 33.33334 亩 do not fit into 100.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-9
"""Share of a sum's size that counts as rounding: sums over 100,000 amounts miss by less than a hundredth of it."""
STEP = 1e-3
"""No excess above this is rounding, whatever the size: a tenth of 0.01, the last digit of the amounts in tables."""
AGREEMENT = 1e-6
"""Share of the objective's size by which a solver's value may differ from the one added up from the tables: solvers keep
their continuous columns to about this."""


def rounding(size: ArrayLike) -> NDArray[np.float64]:
    """How far a sum may go beyond its side; ``size`` is the larger of Σ|a_j| and the side's absolute value."""
    return np.minimum(ROUNDING * np.abs(np.asarray(size, dtype=np.float64)), STEP)


FITS = 1e-6
"""What of a limit, relatively, is no breach where solvers derive columns of their own for it."""
