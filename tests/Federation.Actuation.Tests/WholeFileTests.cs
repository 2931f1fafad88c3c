using Shouldly;
using Xunit;

namespace Federation.Actuation.Tests;

/// <summary>What a driver keeps of a VM is read while another of its threads removes it.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-files-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_that_somebody_removes_while_it_is_read_is_not_there_any_more()
    {
        var (path, draft) = (Path.Combine(folder.FullName, "vm", "guest.json"), Path.Combine(folder.FullName, "guest.new"));
        using var over = new CancellationTokenSource();
        var removing = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    var vm = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.WriteAllBytes(draft, [1, 2, 3]);
                    File.Move(draft, path);
                    vm.Delete(recursive: true);
                }
            },
            TestContext.Current.CancellationToken);
        var (there, gone) = (0, 0);
        while (there < 500 || gone < 500)
        {
            if (WholeFile.Read(path) is { } read)
            {
                read.ShouldBe([1, 2, 3]);
                there++;
            }
            else
            {
                gone++;
            }
        }

        await over.CancelAsync();
        await removing;
    }
}
