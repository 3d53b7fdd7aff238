"""The code of every problem of a solver that is asked for."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
S201 没有这个求解器 | 没有叫这个名字的求解器 | 可用：{solvers}
     unknown solver | there is no solver of this name | use one of: {solvers}
S202 未安装的求解器 | {rule} | 请安装它，或改用：{solvers}
     solver is not installed | {rule} | install it, or use one of: {solvers}
S203 求解器不能按工作量停止 | 求解器 {name} 不能按工作量停止，只能按时间，因而不可复现 | 删去 work，或改用：{solvers}
     solver cannot stop after counted work | the solver {name} cannot stop after counted work, only by the clock, and so not repeatably | leave work out, or use one of: {solvers}
S204 内存不够 | 模型约有 {found} 个系数，约需内存 {need} GB，此处只有 {has} GB 可用 | 关闭其他程序，或用内存更大的机器；或缩小模型：用园区的 allowed_chains、refused_parks 或准入门槛减少候选与园区的组合，减少季度、资源或候选
     not enough memory | the model has about {found} coefficients and needs about {need} GB of memory; {has} GB are free here | close other programs, or take a machine with more memory; or make the model smaller: fewer pairs of firm and park (allowed_chains, refused_parks, entry gates), fewer quarters, resources or candidates
"""
)
refusal = CODES.refusal
