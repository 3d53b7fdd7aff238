<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28" styleCategories="{% if symbols %}Symbology|Fields|Labeling{% else %}Fields{% endif %}"{% if label %} labelsEnabled="1"{% endif %}>
{% include "style.xml" %}</qgis>
