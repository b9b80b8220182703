#include "propertytests/curve.hpp"

#include <fmt/format.h>

#include "propertytests/swarm.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::propertytests {
namespace {

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '<')
            safe += "&lt;";
        else if (c == '&')
            safe += "&amp;";
        else
            safe += c;
    }
    return safe;
}

// The picture, in pixels. Wide enough for a screen, with room for the words of the axes.
constexpr double kWidth = 860, kHeight = 420;
constexpr double kLeft = 70, kRight = 20, kTop = 60, kBottom = 70;
constexpr double kPlotWidth = kWidth - kLeft - kRight, kPlotHeight = kHeight - kTop - kBottom;

double x_of(const Curve& curve, std::size_t step) {
    const std::size_t steps = curve.failed.size() - 1;
    return kLeft +
           (steps == 0 ? 0 : kPlotWidth * static_cast<double>(step) / static_cast<double>(steps));
}

double y_of(double percent) { return kTop + kPlotHeight * (100 - percent) / 100; }

double percent_of(const Curve& curve, std::size_t step) {
    return 100.0 * static_cast<double>(curve.failed[step]) /
           static_cast<double>(curve.futures.count);
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
                       anchor, escaped(text));
}

std::string line_between(double x1, double y1, double x2, double y2, const std::string& style) {
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"black\" {}/>\n", x1,
        y1, x2, y2, style);
}

std::string axes(const Curve& curve) {
    std::string svg = line_between(kLeft, kTop, kLeft, kTop + kPlotHeight, "");
    svg += line_between(kLeft, kTop + kPlotHeight, kLeft + kPlotWidth, kTop + kPlotHeight, "");
    for (int percent = 0; percent <= 100; percent += 25) {
        const double y = y_of(percent);
        svg += line_between(kLeft, y, kLeft + kPlotWidth, y, "stroke-opacity=\"0.15\"");
        svg += text_at(kLeft - 8, y + 4, "end", fmt::format("{} %", percent));
    }
    const std::size_t steps = curve.failed.size() - 1;
    // Ten numbers under the axis are read at a glance.
    const std::size_t between = steps / 10 + 1;
    for (std::size_t step = 0; step <= steps; step += between) {
        const double x = x_of(curve, step);
        svg += line_between(x, kTop + kPlotHeight, x, kTop + kPlotHeight + 5, "");
        svg += text_at(x, kTop + kPlotHeight + 20, "middle", std::to_string(step));
    }
    svg += text_at(kLeft + kPlotWidth / 2, kHeight - 24, "middle",
                   "commands of the failing plan that were kept");
    svg += fmt::format(
        "<text transform=\"translate(18 {:.1f}) rotate(-90)\" text-anchor=\"middle\">"
        "random futures that fail</text>\n",
        kTop + kPlotHeight / 2);
    return svg;
}

std::string points(const Curve& curve) {
    std::string path;
    std::string dots;
    for (std::size_t step = 0; step < curve.failed.size(); ++step) {
        const double x = x_of(curve, step);
        const double y = y_of(percent_of(curve, step));
        path += fmt::format("{}{:.1f} {:.1f}", step == 0 ? "M" : " L", x, y);
        dots += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>after {}: {} of {}</title>"
            "</circle>\n",
            x, y, step, curve.failed[step], curve.futures.count);
    }
    return "<path d=\"" + path + "\" fill=\"none\" stroke=\"black\" stroke-width=\"1.5\"/>\n" +
           dots;
}

std::string mark(const Curve& curve) {
    const std::size_t step = curve.likely_from();
    if (step == 0) return text_at(kLeft, kTop - 12, "start", "no step made it likelier");
    const double x = x_of(curve, step);
    const bool left_half = x < kLeft + kPlotWidth / 2;
    return line_between(x, kTop - 8, x, kTop + kPlotHeight, "stroke-dasharray=\"6 4\"") +
           text_at(x + (left_half ? 6 : -6), kTop - 12, left_half ? "start" : "end",
                   fmt::format("likely from step {}: {}", step, curve.commands[step - 1]));
}

// Everything that can be read of every group: what is spoilt shall be seen.
std::vector<Command> looks() {
    std::vector<Command> all;
    for (std::uint8_t slot = 0; slot < kSlots; ++slot)
        for (const Kind kind :
             {Kind::GetGroupStatus, Kind::GetGroupProgress, Kind::GetSize, Kind::GetProp,
              Kind::GetJobStatus, Kind::GetJobProgress, Kind::GetFileCount, Kind::GetFile})
            all.push_back({kind, slot, 0, 0, 0});
    return all;
}

std::vector<Command> future(std::uint64_t seed, std::uint64_t run, std::size_t commands) {
    std::vector<Command> tail = looks();
    const std::vector<Command> drawn = plan_of(seed, run, commands).commands;
    tail.insert(tail.end(), drawn.begin(), drawn.end());
    const std::vector<Command> again = looks();
    tail.insert(tail.end(), again.begin(), again.end());
    return tail;
}

}  // namespace

std::size_t Curve::likely_from() const {
    std::size_t likely = 0;
    std::size_t most = 0;
    for (std::size_t step = 1; step < failed.size(); ++step) {
        if (failed[step] <= failed[step - 1] || failed[step] - failed[step - 1] <= most) continue;
        most = failed[step] - failed[step - 1];
        likely = step;
    }
    return likely;
}

Curve curve_of(const Plan& plan, const Fails& fails, const Futures& futures) {
    QMGR_CHECK(futures.count > 0, "at least one future");
    std::vector<std::vector<Command>> tails;
    for (std::size_t run = 0; run < futures.count; ++run)
        tails.push_back(future(futures.seed, run, futures.commands));
    Curve curve{{}, futures, {}};
    Plan prefix{plan.seed, plan.faults, {}};
    for (std::size_t step = 0;; ++step) {
        std::size_t failed = 0;
        for (const std::vector<Command>& tail : tails) {
            Plan drawn = prefix;
            drawn.commands.insert(drawn.commands.end(), tail.begin(), tail.end());
            if (fails(drawn)) ++failed;
        }
        curve.failed.push_back(failed);
        if (step == plan.commands.size()) return curve;
        prefix.commands.push_back(plan.commands[step]);
        curve.commands.push_back(to_text(plan.commands[step]));
    }
}

std::string to_text(const Curve& curve) {
    constexpr std::size_t bar = 20;  // columns
    std::string text =
        fmt::format("futures that fail after each prefix; {} of {} commands each, seed {}\n",
                    curve.futures.count, curve.futures.commands, curve.futures.seed);
    const std::size_t likely = curve.likely_from();
    for (std::size_t step = 0; step < curve.failed.size(); ++step) {
        const std::size_t filled = curve.failed[step] * bar / curve.futures.count;
        text += fmt::format("{} {:>4} |{:<{}}| {:>4}  {}\n", step == likely && step > 0 ? '>' : ' ',
                            step, std::string(filled, '#'), bar, curve.failed[step],
                            step == 0 ? "before the first command" : curve.commands[step - 1]);
    }
    return text + (likely == 0 ? std::string("no step made it likelier\n")
                               : fmt::format("likely from step {}: {}\n", likely,
                                             curve.commands[likely - 1]));
}

std::string to_svg(const Curve& curve, const std::string& title) {
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
               "height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n"
               "<title>{2}</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
               kWidth, kHeight, escaped(title)) +
           fmt::format(
               "<text x=\"{:.1f}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{}</text>\n",
               kLeft, escaped(title)) +
           axes(curve) + mark(curve) + points(curve) + "</svg>\n";
}

}  // namespace qmgr::propertytests
