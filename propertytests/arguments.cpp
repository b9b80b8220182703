#include "propertytests/arguments.hpp"

#include <array>
#include <limits>

namespace qmgr::propertytests {
namespace {

constexpr std::size_t kDisplayNameUnits = 256;
constexpr std::size_t kDescriptionUnits = 1024;
constexpr std::size_t kProperties = 13;

// One that neither a group nor a job ever has.
constexpr Guid kNobodys{{0xFF, 0xEE, 0xDD}};

bool is_good(const Command& command) { return variant_of(command) <= kGoodVariants; }

Guid odd_guid(const Command& command, const Guid& of_other_kind, const Guid& of_other_slot) {
    switch (variant_of(command)) {
        case kGoodVariants + 1:
            return {};
        case kGoodVariants + 2:
            return of_other_kind;
        case kGoodVariants + 3:
            return of_other_slot;
        default:
            return kNobodys;
    }
}

PropertyValue number(VariantType type, std::int64_t value) { return {type, value, {}}; }
PropertyValue text(std::string value) { return {VariantType::Bstr, 0, std::move(value)}; }

std::string clsid_text(std::uint32_t value) {
    return "{" + to_text(class_id(value % kUsers).guid) + "}";
}

constexpr std::array kIntegers = {VariantType::I4,  VariantType::I2,  VariantType::UI4,
                                  VariantType::UI2, VariantType::Int, VariantType::UInt};
constexpr std::array kOtherTypes = {VariantType::Empty, VariantType::Null, VariantType::R4,
                                    VariantType::R8,    VariantType::Bool, VariantType::I1,
                                    VariantType::UI1,   VariantType::I8,   VariantType::UI8};

PropertyValue fitting_value(GroupProperty property, std::uint32_t value) {
    constexpr std::array<std::uint32_t, 4> honoured = {
        0, NotifyFlag::group_done, NotifyFlag::group_done, NotifyFlag::disable_notify};
    const VariantType type = kIntegers[value / 4 % kIntegers.size()];
    if (property == GroupProperty::NotifyFlags) return number(type, honoured[value % 4]);
    if (property == GroupProperty::NotifyClsid) return text(clsid_text(value));
    if (property == GroupProperty::DisplayName || property == GroupProperty::Description)
        return text("name " + std::to_string(value % 100));
    return number(type, 1);
}

// Any value for any property: most do not fit.
PropertyValue odd_value(std::uint32_t value) {
    const std::uint32_t detail = value / 12;
    switch (value % 12) {
        case 0:
            return number(VariantType::I4, detail % 256);
        case 1:
            return number(VariantType::I4, static_cast<std::int32_t>(detail * 2'654'435'761U));
        case 2:
            return number(VariantType::UI2, NotifyFlag::use_progress_ex | detail % 8);
        case 3:
            return number(kOtherTypes[detail % kOtherTypes.size()], detail % 3);
        case 4:
            return text(clsid_text(detail));
        case 5:
            return text(to_text(class_id(0).guid));  // without its braces
        case 6:
            return text("{" + std::string(36, 'g') + "}");
        case 7:
            return text({});
        case 8:
            return text(std::string(kDisplayNameUnits + detail % 2, 'n'));
        case 9:
            return text(std::string(kDescriptionUnits + detail % 2, 'd'));
        case 10:
            return text("\xC3\xA4\xF0\x9F\x98\x80");  // two letters, three units
        default:
            return {};
    }
}

}  // namespace

GroupId group_id_for(const Command& command) {
    if (is_good(command)) return group_id(command.slot);
    return {odd_guid(command, job_id(command.slot).guid, group_id(command.value % kSlots).guid)};
}

JobId job_id_for(const Command& command) {
    if (is_good(command)) return job_id(command.slot);
    return {odd_guid(command, group_id(command.slot).guid, job_id(command.value % kSlots).guid)};
}

std::uint32_t flags_for(const Command& command) {
    return is_good(command) ? 0 : command.value | 1U;
}

GroupProperty property_for(const Command& command) {
    // Those of notifications twice: everything that is delivered hangs on them.
    constexpr std::array<std::uint32_t, 16> known = {6, 7, 0, 1, 2,  3,  4,  5,
                                                     6, 7, 8, 9, 10, 11, 12, kProperties};
    const std::uint32_t variant = variant_of(command);
    const bool any = variant == kProperties && command.value % 2 == 0;
    return static_cast<GroupProperty>(any ? command.value : known.at(variant));
}

ProgressFlag progress_flag_for(const Command& command) {
    constexpr std::array<std::uint32_t, 16> flags = {3, 3, 3, 3, 3, 1, 1, 1,
                                                     1, 1, 2, 2, 0, 4, 5, 0xFFFFFFFFU};
    return static_cast<ProgressFlag>(flags.at(variant_of(command)));
}

PropertyValue property_value_for(const Command& command) {
    const std::uint32_t detail = command.value / 4;
    if (command.value % 4 != 0) return fitting_value(property_for(command), detail);
    return odd_value(detail);
}

std::uint32_t count_for(const Command& command) {
    constexpr std::array<std::uint32_t, 12> counts = {
        1, 1, 1, 2, 2, 3, 4, 5, 0, 100, 0x80000000U, std::numeric_limits<std::uint32_t>::max()};
    const std::uint32_t variant = variant_of(command);
    return variant < counts.size() ? counts.at(variant) : command.value;
}

FileIndex index_for(const Command& command) {
    return is_good(command) ? variant_of(command) % 4 : command.value;
}

Duration time_for(const Command& command) {
    const std::uint32_t variant = variant_of(command);
    const auto below = [&](std::uint32_t most) { return Duration(1 + command.value % most); };
    // The largest is more than any delay of the policy, and costs a thousand events.
    if (command.what == 0xFF) return below(960U * 60'000U);
    if (variant <= 8) return below(50);
    if (variant <= 12) return below(1'000);
    return below(variant == 15 ? 150'000 : 10'000);
}

Surroundings surroundings_for(const Command& command) {
    using Maker = Surroundings (*)(const std::string& user);
    static constexpr std::array<Maker, 10> makers = {
        [](const std::string& user) -> Surroundings { return surroundings::LogOff{user}; },
        [](const std::string& user) -> Surroundings { return surroundings::LogOn{user}; },
        [](const std::string&) -> Surroundings { return surroundings::NetworkLost{}; },
        [](const std::string&) -> Surroundings { return surroundings::NetworkBack{}; },
        [](const std::string&) -> Surroundings { return surroundings::Paused{"policy"}; },
        [](const std::string&) -> Surroundings { return surroundings::Unpaused{}; },
        [](const std::string&) -> Surroundings { return surroundings::DiskFull{true}; },
        [](const std::string&) -> Surroundings { return surroundings::DiskFull{false}; },
        [](const std::string&) -> Surroundings { return surroundings::JournalFails{true}; },
        [](const std::string&) -> Surroundings { return surroundings::JournalFails{false}; },
    };
    const std::size_t first = static_cast<std::size_t>(Kind::LogOff);
    return makers.at(static_cast<std::size_t>(command.kind) -
                     first)(std::string(kUserNames.at(command.user)));
}

std::string bad_remote_name(std::uint32_t number) {
    constexpr std::size_t too_long = 2'200;
    switch (number % 9) {
        case 0:
            return {};
        case 1:
            return "small";
        case 2:
            return "ftp://server.test/small";
        case 3:
            return "http://server.test/*";
        case 4:
            return "http://server.test/a b";
        case 5:
            return "http:///small";
        case 6:
            return "http://server.test/" + std::string(too_long, 'a');
        case 7:
            return "http://server.test/" + std::string(261, 's');
        default:
            return "http://server.test/\xC3\xA4";
    }
}

std::string bad_local_name(std::uint32_t number) {
    switch (number % 9) {
        case 0:
            return {};
        case 1:
            return "downloads/file";
        case 2:
            return "/downloads/a*b";
        case 3:
            return "/downloads/a:b:c";
        case 4:
            return "/downloads/";
        case 5:
            return "/nowhere/file";
        case 6:
            return "/downloads/" + std::string(260, 'l');
        case 7:
            return "/downloads/a\"b";
        default:
            return "/protected/file";  // an administrator may write there
    }
}

}  // namespace qmgr::propertytests
