#include "reference/engine/property_view.hpp"

#include <limits>

#include "reference/contract/check.hpp"
#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

constexpr std::int64_t kProtocolHttp = 1;  // QM_PROTOCOL_HTTP

bool is_integer(VariantType type) {
    return type == VariantType::I4 || type == VariantType::I2 || type == VariantType::UI4 ||
           type == VariantType::UI2 || type == VariantType::Int || type == VariantType::UInt;
}

// "{8-4-4-4-12}".
std::optional<Guid> clsid_of(const std::string& text) {
    if (text.size() != 38 || text.front() != '{' || text.back() != '}') return std::nullopt;
    return guid_from_text(std::string_view(text).substr(1, 36));
}

ValueClass class_of_number(std::int64_t number) {
    constexpr std::int64_t honoured = NotifyFlag::group_done | NotifyFlag::disable_notify;
    constexpr std::int64_t known =
        honoured | NotifyFlag::file_done | NotifyFlag::job_done | NotifyFlag::use_progress_ex;
    if (number == 1) return ValueClass::One;
    if ((number & ~honoured) == 0) return ValueClass::Honoured;
    if ((number & ~known) == 0) return ValueClass::KnownFlags;
    return ValueClass::OtherNumber;
}

std::size_t longest(PropertyKind kind, const Policy& policy) {
    if (kind == PropertyKind::DisplayName) return policy.display_name_units;
    if (kind == PropertyKind::Description) return policy.description_units;
    return std::numeric_limits<std::size_t>::max();
}

ValueClass class_of_text(const std::string& text, std::size_t longest) {
    const auto units = utf16_length(text);
    if (!units) return ValueClass::OtherType;  // no BSTR can hold it
    if (*units > longest) return ValueClass::LongText;
    return clsid_of(text) ? ValueClass::ClsidText : ValueClass::Text;
}

const PropertyRow& row_for(const PropertyTable& table, PropertyKind kind, ValueClass value) {
    for (const PropertyRow& row : table)
        if (row.kind.has(kind) && row.value.has(value)) return row;
    check_failed("property_table is total", "no row", __FILE__, __LINE__);
}

PropertyValue integer(std::int64_t number) { return {VariantType::I4, number, {}}; }
PropertyValue text(std::string value) { return {VariantType::Bstr, 0, std::move(value)}; }

PropertyValue read(const Properties& properties, PropertyKind kind) {
    switch (kind) {
        case PropertyKind::Priority:
            return integer(1);
        case PropertyKind::Protocol:
            return integer(kProtocolHttp);
        case PropertyKind::NotifyFlags:
            return integer(properties.notify_flags);
        case PropertyKind::NotifyClsid:
            return text("{" + to_text(properties.notify_class.guid) + "}");
        case PropertyKind::DisplayName:
            return text(properties.display_name);
        case PropertyKind::Description:
            return text(properties.description);
        case PropertyKind::Unsupported:
        case PropertyKind::Unknown:
            break;
    }
    return {};
}

}  // namespace

ValueClass class_of(PropertyKind kind, const PropertyValue& value, const Policy& policy) {
    if (is_integer(value.type)) return class_of_number(value.number);
    if (value.type == VariantType::Bstr) return class_of_text(value.text, longest(kind, policy));
    return ValueClass::OtherType;
}

Reply get_property(const PropertyTable& table, const Properties& properties,
                   GroupProperty property) {
    const PropertyKind kind = kind_of(property);
    const HResult code = row_for(table, kind, ValueClass::OtherType).get;
    if (failed(code)) return {code, {}};
    return {code, read(properties, kind)};
}

HResult set_property(const PropertyTable& table, Properties& properties, GroupProperty property,
                     const PropertyValue& value, const Policy& policy) {
    const PropertyKind kind = kind_of(property);
    const HResult code = row_for(table, kind, class_of(kind, value, policy)).set;
    if (failed(code)) return code;
    if (kind == PropertyKind::NotifyFlags)
        properties.notify_flags = static_cast<std::uint32_t>(value.number);
    if (kind == PropertyKind::NotifyClsid)
        properties.notify_class = {clsid_of(value.text).value_or(Guid{})};
    if (kind == PropertyKind::DisplayName) properties.display_name = value.text;
    if (kind == PropertyKind::Description) properties.description = value.text;
    return code;
}

}  // namespace qmgr
