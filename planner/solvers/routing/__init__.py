"""Who visits whom, on which day and in which order: groups that set out day by day, visits within opening hours, one lunch a day.

``trip`` states the question, ``timing`` puts a day's visits on the clock, ``outings`` lists the days that are possible, ``exact`` chooses among
them (CP-SAT), ``search`` looks for routes where they are too many (Routing), ``route`` joins these, ``check`` looks at a finished tour with none of this code.
"""
