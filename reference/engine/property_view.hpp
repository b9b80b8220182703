// GetProp and SetProp: property_table decides, this reads and writes the values.
#pragma once

#include "reference/contract/policy.hpp"
#include "reference/contract/reply.hpp"
#include "reference/engine/property_table.hpp"
#include "reference/engine/state.hpp"

namespace qmgr {

/// How the rules see a value given to that property.
ValueClass class_of(PropertyKind kind, const PropertyValue& value, const Policy& policy);

/// Integers read as VT_I4, texts as VT_BSTR (PROP-GET-1).
Reply get_property(const PropertyTable& table, const Properties& properties,
                   GroupProperty property);

/// Takes the value if the answer is Ok; a refused one changes nothing (PROP-KEEP-1).
HResult set_property(const PropertyTable& table, Properties& properties, GroupProperty property,
                     const PropertyValue& value, const Policy& policy);

}  // namespace qmgr
