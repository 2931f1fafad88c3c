using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>Finds out what the host's QEMU is and can, by a process of it that runs no VM.</summary>
internal sealed class QemuProbe(QemuOptions options, HostPrograms programs)
{
    private const string CommonEmulated = "qemu64";
    private const string CommonReal = "kvm64";
    private const int MostAttempts = 5;

    /// <summary>Asks QEMU.</summary>
    /// <exception cref="DriverException">It is not there, or does not start.</exception>
    public async Task<HypervisorFacts> Ask(CancellationToken cancel)
    {
        var program = options.Programs[0].Program;
        var isEmulated = options.Emulates || !await RunsGuests(program, cancel);
        var answers = await Answers(program, isEmulated ? "tcg" : "kvm", ["query-version", "query-cpu-definitions", "query-machines"], cancel);
        var version = answers[0]["qemu"]!;
        var (major, minor) = ((int)version["major"]!, (int)version["minor"]!);
        var models = await ByAbility(program, isEmulated ? "tcg" : "kvm", UsableModels(answers[1]), cancel);
        return new()
        {
            Driver = "qemu",
            Version = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{(int)version["micro"]!}"),
            IsEmulated = isEmulated,
            Architectures = [.. options.Programs.Select(program => program.Architecture)],
            CpuModels = models,
            Machines = Machines(answers[2]),
            MovesLive = true,
            NeedsImage = true,
            HoldsAtSwitch = true,
            KeepsSent = true,
            MovesDisks = true,
            Remarks = Remarks(isEmulated, major),
        };
    }

    /// <summary>Whether moves of VMs need care: an emulation that loses writes if a transfer takes many rounds.</summary>
    public static bool LosesWrites(HypervisorFacts facts) => facts.IsEmulated && Version.TryParse(facts.Version, out var version) && version.Major < 9;

    /// <summary>What a VM believes to run on here, where that was left open.</summary>
    /// <remarks>The model that every QEMU of its architecture has, not the best of this host's: the other end of a move has to come to the same.</remarks>
    /// <exception cref="DriverException">This host has not what it asks for.</exception>
    public static GuestHardware Settle(GuestHardware asked, HypervisorFacts facts)
    {
        if (!facts.Architectures.Contains(asked.Architecture))
        {
            throw new DriverException($"this host has no QEMU for {asked.Architecture}, only for {string.Join(", ", facts.Architectures)}");
        }

        if (asked.Architecture != facts.Architectures[0])
        {
            return asked is { Machine: not null, CpuModel: not null } ? asked
                : throw new DriverException($"a VM of another architecture than the host's ({asked.Architecture}) has to name its machine and its CPU model");
        }

        var machine = asked.Machine ?? facts.Machines.FirstOrDefault() ?? throw new DriverException("this host's QEMU has no machine type with a version");
        var model = asked.CpuModel ?? (facts.IsEmulated ? CommonEmulated : CommonReal);
        return !facts.Machines.Contains(machine) ? throw new DriverException($"this host has no machine type {machine}; fedctl host describe lists those that it has")
            : !facts.CpuModels.Contains(model) ? throw new DriverException($"this host cannot give a VM the CPU model {model}; fedctl host describe lists those that it can")
            : asked with { Machine = machine, CpuModel = model };
    }

    private static ImmutableArray<string> Remarks(bool isEmulated, int major) => !isEmulated ? [] :
    [
        "Processors are emulated in software: VMs run slowly. An emulated VM has 8 KiB more memory where its size is a multiple of 256 KiB; both ends of a move do so.",
        .. major >= 9 ? ImmutableArray<string>.Empty :
        [
            "QEMU before 9.0 loses writes of emulated VMs in moves of many rounds: a move goes to its switch after two rounds over the memory, even if the VM will stand still for longer than its terms say. Its expected downtime is shown at the switch.",
        ],
    ];

    private static ImmutableArray<string> UsableModels(JsonNode definitions) =>
    [
        .. definitions.AsArray()
            .Where(model => (bool)model!["migration-safe"]! && !((bool?)model["deprecated"] ?? false) && model["unavailable-features"] is not JsonArray { Count: > 0 })
            .Select(model => (string)model!["name"]!),
    ];

    private static ImmutableArray<string> Machines(JsonNode machines) =>
    [
        .. machines.AsArray().Where(machine => !((bool?)machine!["deprecated"] ?? false)).Select(machine => (string)machine!["name"]!)
            .Select(name => (Name: name, Version: Version.TryParse(name[(name.LastIndexOf('-') + 1)..], out var version) ? version : null))
            .Where(machine => machine.Version is not null)
            .OrderByDescending(machine => machine.Version).ThenBy(machine => machine.Name, StringComparer.Ordinal).Select(machine => machine.Name),
    ];

    // The more a model has, the more capable it is.
    private async Task<ImmutableArray<string>> ByAbility(string program, string accelerator, ImmutableArray<string> models, CancellationToken cancel)
    {
        var expanded = await Answers(program, accelerator, [.. models.Select(model =>
            $$$"""query-cpu-model-expansion","arguments":{"type":"full","model":{"name":"{{{model}}}"}},"id":"1""")], cancel);
        return [.. models.Zip(expanded, (Model, Answer) => (Model, Features: Features(Answer)))
            .OrderByDescending(model => model.Features).ThenBy(model => model.Model, StringComparer.Ordinal).Select(model => model.Model)];
    }

    private static int Features(JsonNode expansion) =>
        expansion["model"]?["props"] is JsonObject properties ? properties.Count(property => property.Value is JsonValue value && value.TryGetValue<bool>(out var has) && has) : 0;

    // A host that is itself a VM may have a KVM that starts and runs no system: it lacks what the poorest 64-bit processor has.
    private async Task<bool> RunsGuests(string program, CancellationToken cancel) =>
        File.Exists("/dev/kvm")
        && (await programs.Try(Words(program, "kvm"), Script([]), cancel)).ExitCode == 0
        && UsableModels((await Answers(program, "kvm", ["query-cpu-definitions"], cancel))[0]).Contains(CommonReal);

    private async Task<ImmutableArray<JsonNode>> Answers(string program, string accelerator, ImmutableArray<string> commands, CancellationToken cancel)
    {
        // QEMU drops what its reader has not taken when it quits: on a busy machine the end of an answer is missing at times, and it is asked again.
        for (var attempt = 1; ; attempt++)
        {
            var result = await programs.Try(Words(program, accelerator), Script(commands), cancel);
            if (result.ExitCode == 0 && Read(result.StandardOutput) is { } answers && answers.Length > commands.Length)
            {
                return answers;
            }

            if (result.ExitCode != 0 || attempt == MostAttempts)
            {
                throw new DriverException($"{program} says nothing of itself: it ended with {result.ExitCode}, {result.StandardError.Trim()}");
            }
        }
    }

    // Null: the last line is cut.
    private static ImmutableArray<JsonNode>? Read(string output)
    {
        try
        {
            return
            [
                .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())
                    .Where(message => message.ContainsKey("return") || message.ContainsKey("error")).Skip(1).Select(message => message["return"] ?? new JsonObject()),
            ];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ImmutableArray<string> Words(string program, string accelerator) =>
        [program, "-machine", "none", "-S", "-nodefaults", "-no-user-config", "-display", "none", "-accel", accelerator, "-qmp", "stdio"];

    private static string Script(ImmutableArray<string> commands) =>
        string.Concat(commands.Prepend("qmp_capabilities").Append("quit").Select(command => $$"""{"execute":"{{command}}"}""" + "\n"));
}
