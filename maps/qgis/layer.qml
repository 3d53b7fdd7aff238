<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28" styleCategories="{% if symbols %}Symbology|Fields|Labeling{% else %}Fields{% endif %}"{% if label %} labelsEnabled="1"{% endif %}>
{%- if symbols %}
  <renderer-v2 {% if attribute %}type="categorizedSymbol" attr="{{ attribute }}"{% else %}type="singleSymbol"{% endif %} symbollevels="0" enableorderby="0" forceraster="0">
{%- if attribute %}
    <categories>
{%- for symbol in symbols %}
      <category value="{{ symbol.value }}" label="{{ symbol.value }}" symbol="{{ loop.index0 }}" render="true"/>
{%- endfor %}
    </categories>
{%- endif %}
    <symbols>
{%- for symbol in symbols %}
      <symbol type="{{ kind }}" name="{{ loop.index0 }}" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="{{ symbol_class }}" enabled="1" locked="0" pass="0">
          <Option type="Map">
{%- for key, value in symbol.options.items() %}
            <Option type="QString" name="{{ key }}" value="{{ value }}"/>
{%- endfor %}
          </Option>
        </layer>
      </symbol>
{%- endfor %}
    </symbols>
  </renderer-v2>
{%- endif %}
{%- if label %}
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="{{ label }}" isExpression="0" fontSize="9" fontSizeUnit="Point" textColor="27,59,87,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/>
      </text-style>
      <placement placement="{{ label_placement }}" dist="1" distUnits="MM"/>
    </settings>
  </labeling>
{%- endif %}
  <aliases>
{%- for field in fields %}
    <alias index="{{ loop.index0 }}" field="{{ field.name }}" name="{{ field.alias }}"/>
{%- endfor %}
  </aliases>
</qgis>
