using CsCheck;
using Federation.Domain.Applications;
using Federation.Files;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Output;

/// <summary>Nothing of what a VM starts from, and of how it may move, is lost in a file.</summary>
public sealed class GuestExportTests
{
    [Fact]
    public void What_any_VM_starts_from_is_read_as_it_was_written() => AnyFiles.Application.Sample(application =>
    {
        var parsed = ApplicationFile.Parse(ApplicationFile.ToJson(application), "x.json");
        parsed.Faults.ShouldBeEmpty();
        ApplicationFile.ToJson(parsed.Value!).ShouldBe(ApplicationFile.ToJson(application));
        foreach (var (read, written) in parsed.Value!.Vms.Zip(application.Vms))
        {
            Same(read.Guest, written.Guest is { IsEmpty: false } guest ? guest : null);
        }

        (parsed.Value.Moves, parsed.Value.ColdMoves, parsed.Value.Restart).ShouldBe((application.Moves, application.ColdMoves, application.Restart));
    });

    private static void Same(VmGuest? read, VmGuest? written)
    {
        (read is null).ShouldBe(written is null);
        read?.Disks.ShouldBe(written!.Disks);
        read?.Nics.SelectMany(nic => nic.Addresses).ShouldBe(written!.Nics.SelectMany(nic => nic.Addresses));
        (read?.Hardware, read?.Kernel, read?.UserData).ShouldBe((written?.Hardware, written?.Kernel, written?.UserData));
    }
}
