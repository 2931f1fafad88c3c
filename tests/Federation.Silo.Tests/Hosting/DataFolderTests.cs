using System.Net;
using Federation.Silo.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Hosting;

public sealed class DataFolderTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task The_data_folder_and_its_secrets_are_open_to_their_user_alone_also_where_an_older_service_left_them_open()
    {
        var folder = new ServiceFolder { IsKept = true };
        await using (await RunningService.Start(folder))
        {
            IsClosed(folder.Path);
        }

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            File.SetUnixFileMode(file, Everybody);
        }

        File.SetUnixFileMode(folder.Path, Everybody);
        folder.IsKept = false;
        var words = new LogOfAll();
        await using (var service = await RunningService.Start(folder, null, builder => words.AddTo(builder), "--Logging:LogLevel:Federation=Warning"))
        {
            IsClosed(folder.Path);
            using var response = await service.Get("/v1/sites");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        words.Text.ShouldContain($"{folder.Path} was open to others (mode 0777), and is no more (mode 0700)");
        words.Text.ShouldContain("token was open to others");
    }

    private static void IsClosed(string folder)
    {
        Directory.GetFiles(folder).Select(Path.GetFileName).ShouldContain("federation.db-wal");
        File.GetUnixFileMode(folder).ShouldBe((UnixFileMode)0b111_000_000);
        foreach (var file in Directory.GetFiles(folder))
        {
            (File.GetUnixFileMode(file) & (UnixFileMode)0b001_111_111).ShouldBe(UnixFileMode.None, file);
        }
    }
}
